#include "service/cli/package/connection_file.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace ccbus::cli {
namespace {

using Catch::Matchers::Contains;
using nlohmann::json;

json read(const std::string& text, const ConnectionFileOptions& options = {}) {
  auto connection = read_connection_file(text, options);
  INFO((connection ? "" : connection.error().message));
  REQUIRE(connection);
  return *connection;
}

std::string refused(const std::string& text, const ConnectionFileOptions& options = {}) {
  const auto connection = read_connection_file(text, options);
  REQUIRE_FALSE(connection);
  return connection.error().message;
}

TEST_CASE("connection.json without TLS", "[cli][issue-17]") {
  CHECK(read(R"({"address":"host:9999","dial_timeout":"10s","tls_required":false,
                 "root_cert":"{{.unused}}","client_key":7,"other":1})") ==
        json{{"addresses", {"host:9999"}}, {"dial_timeout", "10s"}});
  CHECK(read(R"({"address":"h:1","dial_timeout":3000000000,"tls_required":null})") ==
        json{{"addresses", {"h:1"}}, {"dial_timeout", 3000000000}});
}

TEST_CASE("connection.json with TLS", "[cli][issue-17]") {
  CHECK(read(R"({"address":"h:1","tls_required":true,"root_cert":"R","client_cert":"C"})") ==
        json{{"addresses", {"h:1"}}, {"tls_required", true}, {"root_cert", "R"}});
  CHECK(read(R"({"address":"h:1","tls_required":true,"root_cert":"R","client_auth_required":true,
                 "client_cert":"C","client_key":"K","domain":"d"})") ==
        json{{"addresses", {"h:1"}},
             {"tls_required", true},
             {"root_cert", "R"},
             {"client_auth_required", true},
             {"client_cert", "C"},
             {"client_key", "K"},
             {"domain", "d"}});
}

TEST_CASE("a template's name stands for its value", "[cli][issue-17]") {
  const ConnectionFileOptions options{R"({"peername":"org1peer1","port":9999,"again":"{{.port}}"})",
                                      {}};
  CHECK(read(R"({"address":"{{.peername}}_basic_ccaas:{{ .port }}"})", options) ==
        json{{"addresses", {"org1peer1_basic_ccaas:9999"}}});
  CHECK(read(R"({"address":"{{.again}}"})", options) == json{{"addresses", {"{{.port}}"}}});
}

TEST_CASE("other addresses take the place of the file's", "[cli][issue-17]") {
  CHECK(read(R"({"address":"{{.peername}}:9999"})", {"", {"a:1", "b:2"}}) ==
        json{{"addresses", {"a:1", "b:2"}}});
}

TEST_CASE("a template that has no value, or is more than a name, is refused by name",
          "[cli][issue-17]") {
  CHECK_THAT(refused(R"({"address":"{{.peername}}:9999"})"),
             Contains("address has {{.peername}}, and there is no value of it: set "
                      "CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG"));
  for (const char* action :
       {"{{printf .a}}", "{{.a.b}}", "{{- .a -}}", "{{.}}", "{{}}", "{{.1}}"}) {
    CHECK_THAT(refused(json{{"address", action}}.dump(), {R"({"a":"x"})", {}}),
               Contains("address has '" + std::string(action) + "'"));
  }
  CHECK_THAT(refused(R"({"address":"{{.a"})"), Contains("address has {{ without }}"));
  CHECK_THAT(refused(R"({"address":"{{.a}}"})", {R"({"a":true})", {}}),
             Contains("{{.a}}") && Contains("neither a text nor a whole number"));
  CHECK_THAT(refused(R"({"address":"a:1"})", {"[]", {}}),
             Contains("CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG is not a JSON object"));
}

TEST_CASE("a field cannot grow without a limit", "[cli][issue-17]") {
  std::string address;
  for (int i = 0; i < 100; ++i) address += "{{.a}}";
  const auto connection = read_connection_file(json{{"address", address}}.dump(),
                                               {json{{"a", std::string(1000, 'x')}}.dump(), {}});
  REQUIRE_FALSE(connection);
  CHECK(connection.error().code == ErrorCode::kExhausted);
  CHECK_THAT(connection.error().message,
             Contains("address has 66000 bytes") && Contains("at most 65536 are possible"));
}

TEST_CASE("what is wrong with connection.json names the field", "[cli][issue-17]") {
  CHECK_THAT(refused("["), Contains("connection.json is not a JSON object"));
  CHECK_THAT(refused("[]"), Contains("connection.json is not a JSON object"));
  CHECK_THAT(refused("{}"), Contains("connection.json: address is missing"));
  CHECK_THAT(refused(R"({"address":1})"), Contains("address is not a text"));
  CHECK_THAT(refused(R"({"address":"a:1","tls_required":"no"})"),
             Contains("tls_required is not true or false"));
  CHECK_THAT(refused(R"({"address":"a:1","tls_required":true})"),
             Contains("root_cert is missing; tls_required needs it"));
}

}  // namespace
}  // namespace ccbus::cli
