#include "service/bridge/settings/settings.h"
#include "tests/support/checkout.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace ccbus::bridge {
namespace {

using Catch::Contains;

Result<LoadedSettings> load(std::vector<std::string> settings,
                            std::vector<std::string> environment = {}) {
  return load_settings({std::nullopt, std::move(environment), std::move(settings)});
}

TEST_CASE("a variable sets a key, and --set wins over it", "[bridge][issue-17]") {
  const auto of_variable = load({}, {"CCBUS_BRIDGE_LIMITS_CALLS=7", "CCBUS_LEDGER_DIRECTORY=x"});
  REQUIRE(of_variable);
  CHECK(of_variable->settings.calls_max == 7);
  const auto both = load({"limits.calls=8"}, {"CCBUS_BRIDGE_LIMITS_CALLS=7"});
  REQUIRE(both);
  CHECK(both->settings.calls_max == 8);
  CHECK(both->origins.at("limits.calls") == "--set");
}

TEST_CASE("an unknown key or value is named with what is allowed", "[bridge][issue-17]") {
  CHECK_THAT(load({"limits.call=7"}).error().message, Contains("'limits.calls'"));
  CHECK_THAT(load({"limits.calls=0"}).error().message, Contains("from 1 to 1000000"));
  CHECK_THAT(load({}, {"CCBUS_BRIDGE_LIMIT_CALLS=7"}).error().message,
             Contains("CCBUS_BRIDGE_LIMITS_CALLS"));
}

TEST_CASE("an address that other machines can reach wants TLS", "[bridge][issue-17]") {
  CHECK_THAT(load({"listenAddress=0.0.0.0:7151"}).error().message, Contains("tls.enabled"));
  CHECK_THAT(load({"chaincodeListenAddress=0.0.0.0:7152"}).error().message,
             Contains("chaincodeTls.enabled"));
  CHECK(load({"listenAddress=0.0.0.0:7151", "security.insecure=true"}));
  CHECK(load(
      {"listenAddress=0.0.0.0:7151", "tls.enabled=true", "tls.cert.file=a", "tls.key.file=b"}));
}

TEST_CASE("TLS wants its certificate, and CAs want TLS", "[bridge][issue-17]") {
  CHECK_THAT(load({"tls.enabled=true"}).error().message, Contains("tls.cert.file"));
  CHECK_THAT(load({"chaincodeTls.clientRootCAs.files=a"}).error().message,
             Contains("chaincodeTls.enabled"));
  CHECK_THAT(load({"tls.clientAuthRequired=true"}).error().message,
             Contains("tls.clientRootCAs.files"));
}

TEST_CASE("deploy/ccbus-bridge.yaml has every key with its default", "[bridge][issue-17]") {
  const std::string file = test::source_path("deploy/ccbus-bridge.yaml");
  const auto loaded = load_settings({file, {}, {}});
  REQUIRE(loaded);
  const Settings defaults;
  for (const SettingKey& key : setting_keys()) {
    INFO(key.path);
    CHECK(loaded->origins.contains(key.path));
    CHECK(key.show(loaded->settings) == key.show(defaults));
  }
}

}  // namespace
}  // namespace ccbus::bridge
