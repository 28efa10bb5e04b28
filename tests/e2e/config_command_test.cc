// ccbus config: it shows what ccbusd uses.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using Json = nlohmann::json;

Output show(std::vector<std::string> arguments, const std::vector<std::string>& variables = {}) {
  arguments.insert(arguments.begin(), {test::built_program("ccbus"), "config", "show"});
  arguments.insert(arguments.begin(), variables.begin(), variables.end());
  arguments.insert(arguments.begin(), "/usr/bin/env");
  return run_with_errors(arguments);
}

// Returns what --json prints about a key.
Json entry(const Output& output, const std::string& key) {
  REQUIRE(output.status == 0);
  for (const Json& one : Json::parse(output.text)) {
    if (one.at("key") == key) return one;
  }
  FAIL("there is no " + key);
  return {};
}

TEST_CASE("the value of a key is shown with the source that has won", "[e2e][issue-5]") {
  const TemporaryDirectory directory;
  const std::string file = (directory.path() / "ccbus.yaml").string();
  std::ofstream(file) << "chaincode:\n  keepalive: 7\n  executetimeout: 5s\n";
  const Output all = show({"--json", "--set", "shutdown.grace=2s"},
                          {"CCBUS_CONFIG=" + file, "CCBUS_CHAINCODE_EXECUTETIMEOUT=6s"});
  CHECK(entry(all, "chaincode.keepalive")["origin"] == file + ":2");
  CHECK(entry(all, "chaincode.keepalive")["value"] == "7s");
  CHECK(entry(all, "chaincode.executetimeout")["origin"] ==
        "environment variable CCBUS_CHAINCODE_EXECUTETIMEOUT");
  CHECK(entry(all, "shutdown.grace") ==
        Json{{"key", "shutdown.grace"},
             {"value", "2s"},
             {"origin", "--set"},
             {"default", "5s"},
             {"allowed", "a duration of at most 1h"},
             {"environment", "CCBUS_SHUTDOWN_GRACE"},
             {"help", "how long open transactions may take to end when the service stops"}});
  CHECK(entry(all, "logging.level")["origin"] == "default");
}

TEST_CASE("only what differs is shown, or only one key", "[e2e][issue-5]") {
  const Output changed =
      show({"--changed", "--set", "limits.workers=7", "--set", "orderer.queue=20000"});
  CHECK(changed.status == 0);
  CHECK(changed.text ==
        "KEY             VALUE  DEFAULT  FROM\nlimits.workers  7      2        --set\n");
  const Output one = show({"limits.workers"});
  CHECK(one.status == 0);
  CHECK_THAT(one.text, Contains("limits.workers: 2\n") && Contains("from         default\n"));

  const Output none = show({"limits.worker"});
  CHECK(none.status == 2);
  CHECK(none.text == "unknown key 'limits.worker'; the nearest known one is 'limits.workers'\n");
}

TEST_CASE("a configuration that ccbusd refuses is refused in the same words", "[e2e][issue-5]") {
  const std::vector<std::string> mistake =
      GENERATE(std::vector<std::string>{"--set", "chaincode.executetimeout=soon"},
               std::vector<std::string>{"--set", "chaincode.keepalif=3"},
               std::vector<std::string>{"--set", "peer.listenAddress=0.0.0.0:1"},
               std::vector<std::string>{"--set", "nothing"},
               std::vector<std::string>{"--config", "/none/ccbus.yaml"});
  std::vector<std::string> service = {test::built_program("ccbusd"), "--check-config"};
  service.insert(service.end(), mistake.begin(), mistake.end());
  const Output refused = run_with_errors(service);
  const Output shown = show(mistake);
  CHECK(refused.status == 2);
  CHECK(shown.status == 2);
  CHECK("ccbusd: " + shown.text == refused.text);
}

TEST_CASE("the configuration of a running service is its own, with the level of now",
          "[e2e][issue-5]") {
  const ServiceProcess service({"limits.workers=3", "operations.listenAddress=127.0.0.1:0"});
  const auto running = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--running", "--address", service.operations_url()});
    // The configuration of this process has no influence.
    return show(arguments, {"CCBUS_CONFIG=/none", "CCBUS_LIMITS_WORKERS=9"});
  };
  const Output all = running({"--json"});
  CHECK(entry(all, "limits.workers")["value"] == "3");
  CHECK(entry(all, "limits.workers")["origin"] == "--set");
  CHECK(entry(all, "logging.level")["value"] == "error");

  REQUIRE(run_program({test::built_program("ccbus"), "logs", "level", "warn", "--address",
                       service.operations_url()})
              .status == 0);
  const Output level = running({"logging.level"});
  CHECK(level.status == 0);
  CHECK_THAT(level.text, Contains("logging.level: warn\n") && Contains("SIGHUP or /logspec"));
  CHECK(running({"logging.levels"}).status == 2);
  CHECK(running({"--set", "limits.workers=4"}).status == 2);
}

TEST_CASE("a service that does not run has no configuration to show", "[e2e][issue-5]") {
  CHECK(show({"--running", "--address", "http://127.0.0.1:1", "--timeout", "5s"}).status == 3);
  // The port for applications is not an operations endpoint.
  const ServiceProcess service;
  const std::string port = service.client_endpoint().substr(std::string("tcp://").size());
  CHECK(show({"--running", "--address", port, "--timeout", "1s"}).status == 3);
}

}  // namespace
}  // namespace ccbus::test
