#include "service/bridge/chaincode/chaincode_service.h"

#include <catch2/catch.hpp>

namespace ccbus::bridge {
namespace {

using namespace std::chrono_literals;
using Catch::Contains;

TEST_CASE("Fabric's connection.json with a name is a chaincode as a service",
          "[bridge][issue-17]") {
  const auto service = parse_chaincode_service(
      R"({"name": "basic", "address": "cc:9999", "dial_timeout": "10s", "tls_required": false})");
  REQUIRE(service);
  CHECK(service->name == "basic");
  REQUIRE(service->targets.size() == 1);
  CHECK(service->targets[0].address == "cc:9999");
  CHECK(service->targets[0].connect_timeout == 10s);
  CHECK_FALSE(service->targets[0].tls);
}

TEST_CASE("a dial_timeout is a duration, a number of nanoseconds, or Fabric's three seconds",
          "[bridge][issue-17]") {
  const auto timeout_of = [](const std::string& field) {
    const auto service =
        parse_chaincode_service(R"({"name": "basic", "address": "cc:1")" + field + "}");
    REQUIRE(service);
    return service->targets[0].connect_timeout;
  };
  CHECK(timeout_of("") == 3s);
  CHECK(timeout_of(R"(, "dial_timeout": "")") == 3s);
  CHECK(timeout_of(R"(, "dial_timeout": 2000000000)") == 2s);
  CHECK(timeout_of(R"(, "dial_timeout": "250ms")") == 250ms);
}

TEST_CASE("what is written is read as it was", "[bridge][issue-17]") {
  RpcTarget target{"cc:9999", RpcTls{"cert", "key", "roots"}, "other.name", 4s};
  ChaincodeService service{"basic", "basic_1.0:abc", {target}};
  target.address = "cc:9998";
  service.targets.push_back(target);
  const auto read = parse_chaincode_service(format(service));
  REQUIRE(read);
  CHECK(*read == service);
}

TEST_CASE("a field that is wrong is named with its value", "[bridge][issue-17]") {
  struct Case {
    const char* json;
    const char* text;
  };
  const auto [json, text] = GENERATE(
      Case{"[]", "not a JSON object"}, Case{R"({"address": "cc:1"})", "name '' is no name"},
      Case{R"({"name": "a/b", "address": "cc:1"})", "name 'a/b' is no name"},
      Case{R"({"name": "basic"})", "addresses has 0 of them"},
      Case{R"({"name": "basic", "address": "cc"})", "addresses has 'cc', not host:port"},
      Case{R"({"name": "basic", "address": "cc:1", "dial_timeout": "soon"})", "dial_timeout is no"},
      Case{R"({"name": "basic", "address": "cc:1", "tls_required": true})", "root_cert is missing"},
      Case{R"({"name": "basic", "address": "cc:1", "tls_required": "yes"})",
           "tls_required is not true or false"},
      Case{R"({"name": "b", "address": "c:1", "tls_required": true, "root_cert": "r",
               "client_auth_required": true})",
           "client_auth_required needs client_cert"});
  const auto service = parse_chaincode_service(json);
  REQUIRE_FALSE(service);
  CHECK_THAT(service.error().message, Contains(text));
}

}  // namespace
}  // namespace ccbus::bridge
