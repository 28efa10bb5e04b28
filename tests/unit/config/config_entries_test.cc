#include "service/config/config_entries.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/process.h"

namespace ccbus {
namespace {

using Catch::Matchers::Contains;

ConfigEntry entry_of(const ConfigSources& sources, std::string_view key) {
  const auto loaded = load_config(sources);
  REQUIRE(loaded.has_value());
  auto entry = find_entry(describe(*loaded), key);
  REQUIRE(entry.has_value());
  return *entry;
}

TEST_CASE("every key is described, in order, with its default where nobody has set it",
          "[service]") {
  const auto entries = describe(LoadedConfig());
  REQUIRE(entries.size() == config_keys().size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    CHECK(entries[i].key == config_keys()[i].path);
    CHECK(entries[i].origin == "default");
    CHECK(entries[i].value == entries[i].default_value);
    CHECK_FALSE(entries[i].is_changed());
  }
}

TEST_CASE("an entry says which of its sources has won", "[service]") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "ccbus.yaml";
  std::ofstream(file) << "chaincode:\n  keepalive: 7\n  executetimeout: 5s\nledger:\n"
                         "  channels:\n    - one\n    - two\n";
  const ConfigSources sources{
      .file = file,
      .environment = {"CCBUS_CHAINCODE_EXECUTETIMEOUT=6s", "CCBUS_SHUTDOWN_GRACE=1s"},
      .settings = {"shutdown.grace=2s"}};
  const auto origin_of = [&](std::string_view key) { return entry_of(sources, key).origin; };
  CHECK(origin_of("chaincode.keepalive") == file.string() + ":2");
  CHECK(origin_of("ledger.channels") == file.string() + ":6");
  CHECK(origin_of("chaincode.executetimeout") ==
        "environment variable CCBUS_CHAINCODE_EXECUTETIMEOUT");
  CHECK(origin_of("shutdown.grace") == "--set");
  CHECK(origin_of("logging.level") == "default");
}

TEST_CASE("a value that is set to its default has an origin, and has not changed", "[service]") {
  const ConfigEntry entry =
      entry_of({.file = {}, .environment = {}, .settings = {"chaincode.keepalive=60"}},
               "chaincode.keepalive");
  CHECK(entry.value == "1m");
  CHECK(entry.origin == "--set");
  CHECK_FALSE(entry.is_changed());
}

TEST_CASE("an entry has all that there is to say about a key", "[service]") {
  const ConfigEntry entry =
      entry_of({.file = {}, .environment = {}, .settings = {"limits.workers=7"}}, "limits.workers");
  CHECK(entry.value == "7");
  CHECK(entry.default_value == "2");
  CHECK(entry.allowed == "a whole number from 1 to 256");
  CHECK(entry.environment == "CCBUS_LIMITS_WORKERS");
  CHECK(entry.help == "threads for rich queries and other long work, and as many for signatures");
  CHECK(entry.is_changed());
}

TEST_CASE("a key that is not there is answered with the nearest one", "[service]") {
  const auto entry = find_entry(describe(LoadedConfig()), "Limits.worker");
  REQUIRE_FALSE(entry.has_value());
  CHECK(entry.error().message ==
        "unknown key 'Limits.worker'; the nearest known one is 'limits.workers'");
}

TEST_CASE("entries read from JSON what they were written as", "[service]") {
  LoadedConfig loaded;
  loaded.config.ledger_directory = "/srv/\"a\\b";
  loaded.origins["ledger.directory"] = "--set";
  const auto entries = describe(loaded);
  const auto read = parse_entries(entries_json(entries));
  REQUIRE(read.has_value());
  REQUIRE(read->size() == entries.size());
  CHECK(find_entry(*read, "ledger.directory")->value == "/srv/\"a\\b");
  CHECK(entries_json(*read) == entries_json(entries));
}

TEST_CASE("JSON that is no configuration is refused", "[service]") {
  const auto [json, why] = GENERATE(table<std::string, std::string>({
      {"", "no JSON array"},
      {"[]", "no JSON array"},
      {"{}", "no JSON array"},
      {"[1]", "entry 1 of the configuration has no text 'key'"},
      {R"([{"key":"a","value":1}])", "entry 1 of the configuration has no text 'value'"},
  }));
  const auto read = parse_entries(json);
  REQUIRE_FALSE(read.has_value());
  CHECK_THAT(read.error().message, Contains(why));
}

}  // namespace
}  // namespace ccbus
