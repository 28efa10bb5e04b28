// TLS and tokens of the operations endpoint: the real service and the commands that use it.
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "service/base/hex.h"
#include "service/security/crypto/digest.h"
#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

// Certificates of `ccbus dev crypto`, two tokens, and a service that uses them.
class Desk {
 public:
  Desk() : tls_(make_certificates()), service_(settings()) {}

  // Runs a command that uses the endpoint; `token` is the name of its file, empty for none.
  [[nodiscard]] Output run(std::vector<std::string> words, const std::string& token = "",
                           const std::string& address = "") const {
    words.insert(words.begin(), test::built_program("ccbus"));
    words.insert(words.end(), {"--address", address.empty() ? url() : address, "--ca-file",
                               (tls_ / "ca.crt").string(), "--timeout", "3s"});
    if (!token.empty()) words.insert(words.end(), {"--token-file", path(token)});
    return run_with_errors(words);
  }

  void write_token(const std::string& name, const std::string& right) {
    const std::string token = name + "-0123456789abcdef";
    std::ofstream(path(name)) << token << "\n";
    std::ofstream(path("tokens"), std::ios::app)
        << right << " " << to_hex(security::as_text(security::sha256({token}))) << " " << name
        << "\n";
  }
  void forget_tokens() const { std::filesystem::remove(path("tokens")); }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory_.path() / name).string();
  }
  [[nodiscard]] const std::string& url() const { return service_.operations_url(); }
  [[nodiscard]] pid_t pid() const { return service_.pid(); }
  [[nodiscard]] const std::filesystem::path& tls() const { return tls_; }

 private:
  std::filesystem::path make_certificates() {
    REQUIRE(run_program({test::built_program("ccbus"), "dev", "crypto", "--orgs", "Ops", "--out",
                         directory_.path().string()})
                .status == 0);
    write_token("reader", "read");
    write_token("writer", "write");
    std::ofstream(path("stranger")) << "stranger\n";
    std::ofstream(path("empty")) << "\n";
    return directory_.path() /
           "organizations/peerOrganizations/ops.example.com/peers/peer0.ops.example.com/tls";
  }
  [[nodiscard]] std::vector<std::string> settings() const {
    return {"logging.level=info",
            "operations.listenAddress=127.0.0.1:0",
            "operations.tls.enabled=true",
            "operations.tls.cert.file=" + (tls_ / "server.crt").string(),
            "operations.tls.key.file=" + (tls_ / "server.key").string(),
            "operations.tls.clientRootCAs.files=" + (tls_ / "ca.crt").string(),
            "operations.tokens=" + path("tokens")};
  }

  TemporaryDirectory directory_;
  std::filesystem::path tls_;
  ServiceProcess service_;
};

TEST_CASE("reading and changing the log level are two rights, and health is nobody's secret",
          "[e2e][issue-16]") {
  const Desk desk;
  CHECK(desk.url().starts_with("https://127.0.0.1:"));
  CHECK(desk.run({"healthcheck"}).status == 0);
  CHECK(desk.run({"logs", "level"}, "reader").text == "info\n");
  CHECK(desk.run({"logs", "level", "debug"}, "writer").text == "debug\n");
  CHECK(desk.run({"config", "show", "--running", "logging.level"}, "reader").status == 0);
  CHECK(desk.run({"logs", "level", "--client-cert", (desk.tls() / "server.crt").string(),
                  "--client-key", (desk.tls() / "server.key").string()})
            .text == "debug\n");

  const auto refused = [&](std::vector<std::string> words, const std::string& token) {
    const Output output = desk.run(std::move(words), token);
    CHECK(output.status == 1);
    return output.text;
  };
  CHECK_THAT(refused({"logs", "level", "info"}, "reader"),
             Contains("refused with status 403: the token reader may read"));
  for (const char* token : {"stranger", ""}) {
    const std::string why = *token == '\0' ? "a bearer token is asked for"
                                           : "the token is not one of those in operations.tokens";
    CHECK_THAT(refused({"logs", "level", "info"}, token),
               Contains("refused with status 401: " + why));
    CHECK_THAT(refused({"logs", "level"}, token), Contains("refused with status 401: " + why));
    CHECK_THAT(refused({"config", "show", "--running"}, token), Contains("status 401: " + why));
  }
  CHECK(desk.run({"logs", "level"}, "empty").status == 2);
  CHECK(desk.run({"logs", "level"}, "reader").text == "debug\n");
}

TEST_CASE("a command says what is wrong with the address or the certificate", "[e2e][issue-16]") {
  const Desk desk;
  const std::string host = desk.url().substr(desk.url().find("//") + 2);
  CHECK(desk.run({"healthcheck"}, "", host).status == 0);  // With a CA it is https.
  const Output plain = desk.run({"healthcheck"}, "", "http://" + host);
  CHECK(plain.status == 3);
  CHECK_THAT(plain.text, Contains("does it ask for TLS (https://)"));
  const Output other =
      run_with_errors({test::built_program("ccbus"), "healthcheck", "--address", desk.url(),
                       "--ca-file", (desk.tls() / "server.crt").string()});
  CHECK(other.status == 3);
  CHECK_THAT(other.text, Contains("its certificate is none of --ca-file"));
  CHECK(desk.run({"healthcheck"}, "", "ftp://" + host).status == 2);

  const ServiceProcess in_the_clear({"operations.listenAddress=127.0.0.1:0"});
  const std::string url = in_the_clear.operations_url();
  const Output clear = desk.run({"healthcheck"}, "", "https" + url.substr(url.find(':')));
  CHECK(clear.status == 3);
  CHECK_THAT(clear.text, Contains("does it speak TLS (https://)?"));
}

TEST_CASE("SIGHUP ends tokens that the file does not have any more", "[e2e][issue-16]") {
  Desk desk;
  REQUIRE(desk.run({"logs", "level"}, "reader").status == 0);
  desk.forget_tokens();
  kill(desk.pid(), SIGHUP);  // A file that is missing changes nothing.
  desk.write_token("second", "write");
  kill(desk.pid(), SIGHUP);
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (desk.run({"logs", "level"}, "second").status != 0) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
  }
  for (const char* token : {"reader", "writer"}) {
    CHECK(desk.run({"logs", "level"}, token).status == 1);
  }
}

}  // namespace
}  // namespace ccbus::test
