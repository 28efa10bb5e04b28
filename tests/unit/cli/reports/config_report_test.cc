#include "service/cli/reports/config_report.h"
#include "tests/support/checkout.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

namespace ccbus::cli {
namespace {

using Catch::Matchers::Contains;

const std::vector<ConfigEntry> kEntries = {
    {"chaincode.keepalive", "7s", "ccbus.yaml:3", "1m", "a duration", "CCBUS_CHAINCODE_KEEPALIVE",
     "time between two"},
    {"operations.listenAddress", "", "--set", "127.0.0.1:9443", "host:port", "CCBUS_OPERATIONS",
     "where"},
    {"limits.workers", "2", "default", "2", "a number", "CCBUS_LIMITS_WORKERS", "threads"},
};

TEST_CASE("the configuration is a table of keys, values and origins", "[cli]") {
  CHECK(format_config(kEntries) ==
        "KEY                       VALUE  FROM\n"
        "chaincode.keepalive       7s     ccbus.yaml:3\n"
        "operations.listenAddress  \"\"     --set\n"
        "limits.workers            2      default\n");
}

TEST_CASE("of the changes the default is shown, too", "[cli]") {
  CHECK(format_changes(kEntries) ==
        "KEY                       VALUE  DEFAULT         FROM\n"
        "chaincode.keepalive       7s     1m              ccbus.yaml:3\n"
        "operations.listenAddress  \"\"     127.0.0.1:9443  --set\n");
  CHECK(format_changes({kEntries[2]}) == "Every key has its default.\n");
}

TEST_CASE("one key is shown with all that there is to say about it", "[cli]") {
  CHECK(format_entry(kEntries[0]) ==
        "chaincode.keepalive: 7s\n"
        "  from         ccbus.yaml:3\n"
        "  default      1m\n"
        "  allowed      a duration\n"
        "  environment  CCBUS_CHAINCODE_KEEPALIVE\n"
        "  meaning      time between two\n");
}

TEST_CASE("the reference has a line for every key, below its section", "[cli]") {
  const std::string page = config_reference();
  std::size_t at = 0;
  for (const ConfigKey& key : config_keys()) {
    const std::string path(key.path);
    INFO(path);
    const auto section = page.rfind("\n## ", page.find("\n| `" + path + "` |"));
    REQUIRE(section != std::string::npos);
    CHECK(page.compare(section + 4, path.find('.'), path, 0, path.find('.')) == 0);
    const auto line = page.find("\n| `" + path + "` |", at);
    REQUIRE(line != std::string::npos);  // In the order of the keys.
    at = line;
    const std::string row = page.substr(line + 1, page.find('\n', line + 1) - line - 1);
    CHECK_THAT(row, Contains(" | " + key.allowed() + " | ") &&
                        Contains(" | `" + environment_name(kEnvironmentPrefix, key.path) + "` |"));
  }
}

TEST_CASE("docs/configuration.md is what the command makes", "[cli]") {
  std::ifstream file(test::source_path("docs/configuration.md"));
  std::ostringstream text;
  text << file.rdbuf();
  INFO("Make it anew: ccbus config reference > docs/configuration.md");
  CHECK(text.str() == config_reference());
}

}  // namespace
}  // namespace ccbus::cli
