#include "service/config/config.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/support/checkout.h"
#include "tests/support/process.h"

namespace ccbus {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;

Result<Config> load(const ConfigSources& sources) {
  return load_config(sources).transform([](const LoadedConfig& loaded) { return loaded.config; });
}

Result<Config> load_text(const std::string& text) {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "ccbus.yaml";
  std::ofstream(file) << text;
  return load({.file = file, .environment = {}, .settings = {}});
}

std::string error_of(const Result<Config>& config) {
  REQUIRE_FALSE(config.has_value());
  return config.error().message;
}

TEST_CASE("without any source the defaults are in force", "[service]") {
  const auto config = load({});
  REQUIRE(config.has_value());
  CHECK(config->chaincode_address == "tcp://127.0.0.1:7052");
  CHECK(config->execute_timeout == 30s);
  CHECK(config->keepalive == 60s);
  CHECK(config->channels == std::vector<std::string>{"mychannel"});
}

TEST_CASE("settings win over the environment, and that over the file", "[service]") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "ccbus.yaml";
  std::ofstream(file) << "chaincode:\n  executetimeout: 5s\n  keepalive: 7\n  duplicates: reject\n";
  const auto config = load({.file = file,
                            .environment = {"CCBUS_CHAINCODE_EXECUTETIMEOUT=6s",
                                            "CCBUS_CHAINCODE_DUPLICATES=pool", "HOME=/root"},
                            .settings = {"chaincode.executetimeout=7s"}});
  REQUIRE(config.has_value());
  CHECK(config->execute_timeout == 7s);
  CHECK_FALSE(config->reject_duplicates);
  CHECK(config->keepalive == 7s);  // A bare number is in seconds, as in Fabric.
}

TEST_CASE("an unknown key is refused with file, line and the nearest known one", "[service]") {
  const std::string text = error_of(load_text("chaincode:\n  duplicates: pool\n  keepalif: 3\n"));
  CHECK_THAT(text, Contains("ccbus.yaml:3: unknown key 'chaincode.keepalif'"));
  CHECK_THAT(text, Contains("the nearest known one is 'chaincode.keepalive'"));
  CHECK_THAT(
      error_of(load({.file = {}, .environment = {"CCBUS_LEDGER_DIRECTRY=x"}, .settings = {}})),
      Contains("CCBUS_LEDGER_DIRECTRY") && Contains("CCBUS_LEDGER_DIRECTORY"));
}

TEST_CASE("a bad value is refused with where it stands, the value and what would do", "[service]") {
  const auto [text, wanted] = GENERATE(table<std::string, std::string>({
      {"chaincode:\n  executetimeout: soon\n", ":2: chaincode.executetimeout: 'soon' is not a"},
      {"chaincode:\n  executetimeout: 500ms\n", "'500ms' is not a duration of at least 1s"},
      {"shutdown:\n  grace: 2h\n", "'2h' is not a duration of at most 1h"},
      {"peer:\n  gateway:\n    waitTimeout: 25h\n", "'25h' is not a duration from 1s to 24h"},
      {"operations:\n  listenAddress: localhost\n", "'localhost' is not host:port with a port"},
      {"operations:\n  hosts: [a, 'b:1']\n", "'b:1' is not host names without ports"},
      {"operations:\n  hosts: [a, '']\n", "'' is not host names without ports"},
      {"chaincode:\n  keepalive: -1\n", "'-1' is not a duration"},
      {"chaincode:\n  duplicates: maybe\n", "'maybe' is not reject or pool"},
      {"peer:\n  listenAddress: nowhere\n", "'nowhere' is not an endpoint"},
      {"peer:\n  maxRecvMsgSize: 12\n", "'12' is not a whole number from 1024 to"},
      {"peer:\n  localMspId: ''\n", "is not an MSP id"},
      {"ledger:\n  channels: [Big]\n", "'Big' is not a channel id"},
      {"ledger:\n  channels: [a, a]\n", "'a' is not named once"},
      {"ledger:\n  directory: ''\n", "is not a directory or :memory:"},
      {"logging:\n  level: loud\n", "'loud' is not one of"},
      {"security:\n  insecure: yes please\n", "'yes please' is not true or false"},
      {"chaincode: [\n", ":2: "},
      {"a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}\n", ":1: nested more than 8 levels deep"},
      {"chaincode: &itself\n  again: *itself\n", "nested more than 8 levels deep"},
  }));
  CHECK_THAT(error_of(load_text(text)), Contains(wanted));
}

TEST_CASE("Fabric's chaincode settings that Fabric would replace in silence are refused",
          "[service][row-122]") {
  const auto config = load_text("chaincode:\n  keepalive: 0\n");
  REQUIRE(config.has_value());
  CHECK(config->execute_timeout == 30s);
  CHECK(config->keepalive == 0s);
  CHECK(config->limits.batch_writes_max == 1000);
  CHECK(config->limits.multiple_keys_max == 1000);
  const auto [text, wanted] = GENERATE(table<std::string, std::string>({
      {"executetimeout: 15", "chaincode.executetimeout: '15' is not a duration"},
      {"keepalive: abc", "chaincode.keepalive: 'abc' is not a duration"},
      {"runtimeParams:\n    maxSizeWriteBatch: 0", "'0' is not a whole number from 1"},
      {"runtimeParams:\n    maxSizeGetMultipleKeys: abc", "'abc' is not a whole number from"},
      {"runtimeParams:\n    useWriteBatch: abc", "'abc' is not true or false"},
  }));
  CHECK_THAT(error_of(load_text("chaincode:\n  " + text + "\n")), Contains(wanted));
}

TEST_CASE("without a file of its own it takes the one that CCBUS_CONFIG names", "[service]") {
  const test::TemporaryDirectory directory;
  const auto named = directory.path() / "named.yaml";
  const auto own = directory.path() / "own.yaml";
  std::ofstream(named) << "logging:\n  level: warn\n";
  std::ofstream(own) << "logging:\n  level: debug\n";
  const std::vector<std::string> environment = {"CCBUS_CONFIG=" + named.string()};
  CHECK(load({.file = {}, .environment = environment, .settings = {}})->log_level == "warn");
  CHECK(load({.file = own, .environment = environment, .settings = {}})->log_level == "debug");
  CHECK(load({.file = {}, .environment = {"CCBUS_CONFIG="}, .settings = {}})->log_level == "info");
  CHECK_THAT(error_of(load({.file = {}, .environment = {"CCBUS_CONFIG=/none"}, .settings = {}})),
             Contains("cannot read the configuration file /none"));
}

TEST_CASE("a refusal says what the key allows", "[service]") {
  Config config;
  for (const ConfigKey& key : config_keys()) {
    const bool takes_any_text = key.set(config, "\n").has_value();  // A directory, an MSP id.
    if (takes_any_text || key.path == "ledger.channels") continue;
    INFO(key.path);
    const std::string refusal = key.set(config, "\n").error().message;
    // The error for a text that is not a duration explains the form of one.
    const bool is_duration = key.allowed().starts_with("a duration");
    CHECK_THAT(refusal, Contains(is_duration ? "is not a duration" : key.allowed()));
  }
}

TEST_CASE("beyond loopback it listens only if security.insecure is set", "[service]") {
  CHECK_THAT(error_of(load_text("peer:\n  chaincodeListenAddress: 0.0.0.0:7052\n")),
             Contains("security.insecure"));
  CHECK(
      load_text("peer:\n  listenAddress: 0.0.0.0:7051\nsecurity:\n  insecure: true\n").has_value());
  CHECK(load_text("peer:\n  listenAddress: ipc:///tmp/x\n").has_value());
}

TEST_CASE("beyond loopback the operations need TLS and a way to know who asks",
          "[service][issue-16]") {
  const std::string exposed = "operations:\n  listenAddress: 0.0.0.0:9443\n";
  const std::string tls = "  tls:\n    enabled: true\n    cert: {file: a}\n    key: {file: b}\n";
  const std::string roots = "    clientRootCAs: {files: [c, d]}\n";
  const std::string tokens = "  tokens: t\n";
  for (const std::string& missing : {exposed, exposed + tls, exposed + tokens}) {
    const std::string error = error_of(load_text(missing));
    CHECK_THAT(error, Contains("0.0.0.0:9443 (operations.listenAddress)") &&
                          Contains("operations.tokens") && Contains("operations.tls") &&
                          Contains("security.insecure"));
    CHECK(load_text(missing + "security: {insecure: true}\n").has_value());
    CHECK_FALSE(load_text(missing + "security: {serverKey: k}\n").has_value());
  }
  CHECK(load_text(exposed + tls + tokens).has_value());
  const auto config = load_text(exposed + tls + roots);
  REQUIRE(config);
  CHECK(config->operations_client_roots == std::vector<std::string>{"c", "d"});
  CHECK(load_text("operations:\n  listenAddress: 127.0.0.1:9443\n" + tokens).has_value());
  CHECK(load_text("operations:\n  listenAddress: ''\n").has_value());
}

TEST_CASE("settings of the operations' TLS that do not make sense are refused",
          "[service][issue-16]") {
  CHECK_THAT(error_of(load_text("operations: {tls: {enabled: true, key: {file: b}}}\n")),
             Contains("operations.tls.cert.file"));
  CHECK_THAT(error_of(load_text("operations: {tls: {enabled: true, cert: {file: a}}}\n")),
             Contains("operations.tls.key.file"));
  const std::string required = "operations: {tls: {clientAuthRequired: true";
  CHECK_THAT(error_of(load_text(required + ", clientRootCAs: {files: c}}}\n")),
             Contains("clientAuthRequired needs operations.tls.enabled"));
  CHECK_THAT(error_of(load_text(required + ", enabled: true, cert: {file: a}, key: {file: b}}}\n")),
             Contains("operations.tls.clientRootCAs.files"));
  CHECK_THAT(error_of(load_text("operations: {tls: {clientRootCAs: {files: 'a,,b'}}}\n")),
             Contains("paths, separated by commas"));
}

TEST_CASE("channels read as a list and as text", "[service]") {
  const std::vector<std::string> both = {"one", "two.2-x"};
  CHECK(load_text("ledger:\n  channels: [one, two.2-x]\n")->channels == both);
  CHECK(load({.file = {}, .environment = {}, .settings = {"ledger.channels=one, two.2-x"}})
            ->channels == both);
}

TEST_CASE("names of hosts read as a list, as text and as none", "[service]") {
  const std::vector<std::string> both = {"ccbus", "ops.example.com"};
  CHECK(load_text("operations:\n  hosts: [ccbus, ops.example.com]\n")->operations_hosts == both);
  CHECK(load_text("operations:\n  hosts: ccbus, ops.example.com\n")->operations_hosts == both);
  CHECK(load_text("operations:\n  hosts: ['::1']\n")->operations_hosts.size() == 1);
  CHECK(load_text("operations:\n  hosts: []\n")->operations_hosts.empty());
  CHECK(load_text("operations:\n  hosts: ''\n")->operations_hosts.empty());
}

TEST_CASE("every key shows a value that it also reads", "[service]") {
  Config config;
  for (const ConfigKey& key : config_keys()) {
    const std::string shown = key.show(config);
    INFO(key.path << ": " << shown);
    CHECK(key.set(config, shown).has_value());
    CHECK(key.show(config) == shown);
  }
}

TEST_CASE("limits that contradict each other are refused with both of them and the reason",
          "[service]") {
  const auto error = [](std::vector<std::string> settings) {
    return error_of(load({.file = {}, .environment = {}, .settings = std::move(settings)}));
  };
  CHECK(error({"peer.maxRecvMsgSize=536870912"}) ==
        "peer.maxRecvMsgSize is 536870912, limits.backlogBytes only 268435456: a message has to "
        "fit into the queue of its peer");
  CHECK_THAT(error({"limits.transactionsBytes=1048576"}), Contains("limits.transactionBytes is"));
  CHECK_THAT(error({"limits.backgroundJobs=1000000"}), Contains("next-state pipe"));
  CHECK_THAT(error({"limits.backlogTotalBytes=1048576"}), Contains("limits.backlogBytes is"));
  CHECK_THAT(error({"orderer.queueBytes=1048576"}), Contains("a transaction has to fit"));
  CHECK_THAT(error({"ledger.memoryBytes=16777216", "orderer.batchSize.absoluteMaxBytes=20000000"}),
             Contains("ledger.memoryBytes only 16777216"));
}

TEST_CASE("the commented example names every key with its default, and nothing else", "[service]") {
  const auto config =
      load({.file = test::source_path("deploy/ccbus.yaml"), .environment = {}, .settings = {}});
  REQUIRE(config.has_value());
  std::ifstream file(test::source_path("deploy/ccbus.yaml"));
  std::ostringstream text;
  text << file.rdbuf();
  const Config defaults;
  for (const ConfigKey& key : config_keys()) {
    CHECK(key.show(*config) == key.show(defaults));
    const std::string leaf(key.path.substr(key.path.rfind('.') + 1));
    CHECK_THAT(text.str(), Contains("  " + leaf + ":"));
  }
}

}  // namespace
}  // namespace ccbus
