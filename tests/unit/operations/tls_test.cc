// The endpoint over TLS, as clients meet it.
#include <httplib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "service/operations/endpoint.h"
#include "service/operations/service_routes.h"
#include "service/security/dev/certificate_authority.h"
#include "tests/support/fake_watched.h"
#include "tests/support/process.h"
#include "tests/support/tcp_crowd.h"

namespace ccbus::operations {
namespace {

using Catch::Matchers::Contains;
using nlohmann::json;
using security::CertificateAuthority;

// Certificates in a directory, and an endpoint that uses them.
struct Rig {
  explicit Rig(bool with_client_roots = false, bool is_certificate_required = false) {
    write("ca", ca.own());
    write("server", issued(ca, {"localhost", "127.0.0.1"}));
    write("client", issued(ca, {"prometheus"}));
    write("stranger", issued(*CertificateAuthority::create("Other", "ca.other"), {"prometheus"}));
    Endpoint::Options options;
    options.address = "127.0.0.1:0";
    options.tls = HttpTlsFiles{path("server.crt"), path("server.key"), {}};
    if (with_client_roots) options.tls->client_roots = {path("ca.crt")};
    options.access = {nullptr, with_client_roots, is_certificate_required};
    endpoint =
        std::make_unique<Endpoint>(std::move(options), service, *logger, service_routes(service));
  }

  static security::IssuedIdentity issued(const CertificateAuthority& authority,
                                         const std::vector<std::string>& names) {
    auto identity = authority.issue_tls(names.front(), names);
    if (!identity) throw std::runtime_error(identity.error().message);
    return *identity;
  }

  void write(const std::string& name, const security::IssuedIdentity& identity) const {
    std::ofstream(path(name + ".crt")) << identity.certificate_pem;
    std::ofstream(path(name + ".key")) << identity.key_pem;
  }
  [[nodiscard]] std::filesystem::path path(const std::string& name) const {
    return directory.path() / name;
  }

  // `identity` is the name of the client's certificate; empty: it has none.
  [[nodiscard]] std::unique_ptr<httplib::Client> client(const std::string& identity = "") const {
    auto made = identity.empty()
                    ? std::make_unique<httplib::Client>(endpoint->url())
                    : std::make_unique<httplib::Client>(endpoint->url(), path(identity + ".crt"),
                                                        path(identity + ".key"));
    made->set_ca_cert_path(path("ca.crt").c_str());
    return made;
  }

  const CertificateAuthority ca = *CertificateAuthority::create("Org", "ca.org");
  test::TemporaryDirectory directory;
  test::FakeWatched service;
  std::shared_ptr<Logger> logger = make_silent_logger();
  std::unique_ptr<Endpoint> endpoint;
};

TEST_CASE("over TLS all is as in the clear, on one connection", "[operations][issue-16]") {
  const Rig rig;
  CHECK(rig.endpoint->url().starts_with("https://127.0.0.1:"));
  const auto client = rig.client();
  client->set_keep_alive(true);
  for (int i = 0; i < 20; ++i) {
    const auto health = client->Get("/healthz");
    REQUIRE(health);
    CHECK(health->status == 200);
    const auto set = client->Put("/logspec", R"({"spec":"debug"})", "application/json");
    REQUIRE(set);
    CHECK(set->status == 204);
  }
}

TEST_CASE("a client that trusts another CA does not speak to it", "[operations][issue-16]") {
  const Rig rig;
  const auto client = rig.client();
  client->set_ca_cert_path(rig.path("stranger.crt").c_str());
  const auto answer = client->Get("/healthz");
  REQUIRE_FALSE(answer);
  CHECK(answer.error() == httplib::Error::SSLServerVerification);
}

TEST_CASE("plain HTTP at a TLS endpoint gets no answer, and takes nothing from others",
          "[operations][issue-16]") {
  const Rig rig;
  const int port = test::port_of(rig.endpoint->url());
  const auto plain = httplib::Client("127.0.0.1", port).Get("/metrics");
  CHECK_FALSE(plain);
  const test::TcpConnection raw(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK_THAT(raw.read_all(), !Contains("HTTP/1.1") && !Contains("ledger_blockchain_height"));
  CHECK(rig.client()->Get("/healthz")->status == 200);
}

TEST_CASE("versions of TLS before 1.2 are not spoken", "[operations][issue-16]") {
  const Rig rig;
  const auto client = rig.client();
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    SSL_CTX* context = client->ssl_context();
    SSL_CTX_set_security_level(context, 0);  // Or OpenSSL itself would not try.
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    CHECK_FALSE(client->Get("/healthz"));
  }
}

TEST_CASE("a client certificate counts if a trusted CA has issued it",
          "[operations][issue-16][row-301]") {
  const Rig rig(true);
  CHECK(rig.client("client")->Get("/metrics")->status == 200);
  CHECK(rig.client("client")->Put("/logspec", R"({"spec":"debug"})", "application/json")->status ==
        204);
  const auto without = rig.client()->Get("/metrics");
  REQUIRE(without);
  CHECK(without->status == 401);
  CHECK(without->get_header_value("WWW-Authenticate") == "Bearer");
  CHECK_THAT(json::parse(without->body)["error"].get<std::string>(),
             Contains("operations.tls.clientRootCAs"));
  const auto stranger = rig.client("stranger")->Get("/metrics");
  REQUIRE(stranger);
  CHECK(stranger->status == 401);
  CHECK(rig.client()->Get("/healthz")->status == 200);
}

TEST_CASE("where a client certificate is required, /healthz needs it, too",
          "[operations][issue-16][row-302]") {
  const Rig rig(true, true);
  CHECK(rig.client("client")->Get("/healthz")->status == 200);
  for (const char* identity : {"", "stranger"}) {
    CHECK(rig.client(identity)->Get("/healthz")->status == 401);
  }
}

TEST_CASE("files of TLS that do not fit are named with the reason", "[operations][issue-16]") {
  const Rig rig;
  const auto reason = [&](const HttpTlsFiles& files) {
    const auto read = read_tls(files);
    REQUIRE_FALSE(read);
    return read.error().message;
  };
  const auto server = rig.path("server.crt");
  const auto key = rig.path("server.key");
  CHECK_THAT(reason({rig.path("none"), key, {}}),
             Contains("cannot read " + rig.path("none").string()));
  CHECK_THAT(reason({server, rig.path("none"), {}}), Contains("none"));
  CHECK_THAT(reason({server, rig.path("client.key"), {}}), Contains("server.crt with the key"));
  CHECK_THAT(reason({key, key, {}}), Contains("server.key with the key"));
  CHECK_THAT(reason({server, key, {key}}), Contains("server.key"));
  CHECK(read_tls({server, key, {rig.path("ca.crt"), rig.path("stranger.crt")}}).has_value());

  test::FakeWatched service;
  Endpoint::Options options;
  options.address = "127.0.0.1:0";
  options.tls = HttpTlsFiles{server, rig.path("client.key"), {}};
  CHECK_THROWS_WITH(Endpoint(options, service, *rig.logger), Contains("operations.tls: "));
}

}  // namespace
}  // namespace ccbus::operations
