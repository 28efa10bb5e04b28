// ccbus dev up without ccbus-bridge, which is not in every build; tests/stock/dev-up.test.js has
// it.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"
#include "tests/support/process.h"

namespace ccbus::test {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Json = nlohmann::json;
using namespace std::chrono_literals;

// A network in a directory, and what it says when it is ready.
struct DevUp {
  explicit DevUp(const fs::path& directory, const std::string& channel = "mychannel")
      : process({"/bin/sh", "-c", R"(exec "$@" 2>&1)", "sh", built_program("ccbus"), "dev", "up",
                 "--no-bridge", "--free-ports", "--json", "-C", channel, "--directory",
                 directory.string()}) {
    std::string line;
    while (!line.starts_with("{\"bridge\"")) line = process.read_line(60s);
    ready = Json::parse(line);
  }

  std::string variable(const std::string& of, const std::string& name) const {
    return ready.at("variables").at(of).at(name);
  }

  // What the rest of its output says, to its end.
  std::string rest() {
    std::string text;
    try {
      for (;;) text += process.read_line(60s) + "\n";
    } catch (const std::runtime_error&) {
      return text;
    }
  }

  // A transaction that User1 of Org1 has signed.
  Output run(const std::string& command, const std::string& arguments) const {
    const fs::path msp = fs::path(variable("Org1MSP", "KEY_DIRECTORY_PATH")).parent_path();
    return run_program({built_program("ccbus"), command, "--address",
                        variable("Org1MSP", "CCBUS_ADDRESS"), "-C", ready.at("channel"), "-n",
                        "basic", "-c", arguments, "--identity", msp.string(), "--msp-id",
                        "Org1MSP"});
  }

  pid_t service() const { return ready.at("service").at("pid"); }

  Process process;
  Json ready;
};

// A process that has ended and that nobody has waited for does not run.
bool runs(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
  std::string id;
  std::string name;
  char state = 'Z';
  return status >> id >> name >> state && state != 'Z';
}

template <class Condition>
void wait_until(Condition&& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition()) REQUIRE(std::chrono::steady_clock::now() < deadline);
}

TEST_CASE("dev up runs a network of two organisations, and keeps what is committed",
          "[e2e][issue-17]") {
  const TemporaryDirectory folder;
  const fs::path directory = folder.path() / "dev";
  for (const char* command : {"invoke", "query"}) {
    DevUp network(directory);
    CHECK(network.ready.at("channel") == "mychannel");
    CHECK(network.ready.at("bridge").is_null());
    Process chaincode({built_program("asset-transfer"), "--peer.address",
                       network.variable("chaincode", "CORE_PEER_ADDRESS"), "--chaincode-id-name",
                       "basic"});
    const std::string address = network.variable("Org1MSP", "CCBUS_ADDRESS");
    wait_until([&] {
      return run_program({built_program("ccbus"), "status", "--address", address})
                 .text.find("ready") != std::string::npos;
    });
    if (command == std::string("invoke")) {
      CHECK(
          network.run("invoke", R"({"Args":["CreateAsset","a1","blue","5","tom","300"]})").status ==
          0);
    }
    CHECK_THAT(network.run("query", R"({"Args":["ReadAsset","a1"]})").text, Contains("tom"));
    const Output config = run_program({built_program("ccbus"), "channel", "config", "show", "-C",
                                       "mychannel", "--address", address, "--json"});
    CHECK_THAT(config.text, Contains("Org1MSP") && Contains("Org2MSP"));
    const pid_t service = network.service();
    CHECK(runs(service));
    network.process.signal(SIGTERM);
    CHECK(network.process.wait(60s) == 0);
    CHECK_FALSE(runs(service));
  }
  CHECK(fs::exists(directory / "Org2MSP.env"));
}

TEST_CASE("dev up ends when its service has died, and says so", "[e2e][issue-17]") {
  const TemporaryDirectory folder;
  DevUp network(folder.path());
  kill(network.service(), SIGKILL);
  CHECK_THAT(network.rest(), Contains("ccbus dev up: ccbusd has ended by signal 9"));
  CHECK(network.process.wait(60s) == 1);
}

TEST_CASE("the service ends with dev up, also if that is killed", "[e2e][issue-17]") {
  const TemporaryDirectory folder;
  DevUp network(folder.path());
  const pid_t service = network.service();
  network.process.signal(SIGKILL);
  wait_until([&] { return !runs(service); });
}

TEST_CASE("dev up makes the channel that it is asked for", "[e2e][issue-17]") {
  const TemporaryDirectory folder;
  DevUp network(folder.path(), "other");
  const Output config =
      run_program({built_program("ccbus"), "channel", "config", "show", "-C", "other", "--address",
                   network.variable("Org2MSP", "CCBUS_ADDRESS"), "--json"});
  CHECK(config.status == 0);
  CHECK_THAT(config.text, Contains("Org2MSP"));
}

TEST_CASE("a program that is not there is named, with what to do", "[e2e][issue-17]") {
  const TemporaryDirectory folder;
  const fs::path bin = folder.path() / "bin";
  fs::create_directory(bin);
  fs::copy_file(built_program("ccbus"), bin / "ccbus");
  const auto up = [&] {
    return run_with_errors({"/usr/bin/env", "PATH=/none", (bin / "ccbus").string(), "dev", "up",
                            "--free-ports", "--directory", (folder.path() / "dev").string()});
  };
  const Output no_service = up();
  CHECK(no_service.status == 1);
  CHECK_THAT(no_service.text, Contains("there is no ccbusd beside ccbus, in " + bin.string()));
  fs::create_symlink(built_program("ccbusd"), bin / "ccbusd");
  const Output no_bridge = up();
  CHECK(no_bridge.status == 1);
  CHECK_THAT(no_bridge.text,
             Contains("there is no ccbus-bridge beside ccbus") && Contains("give --no-bridge"));
}

TEST_CASE("dev up refuses a directory that it cannot use, and ports that are none",
          "[e2e][issue-17]") {
  const auto up = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {built_program("ccbus"), "dev", "up", "--no-bridge"});
    return run_with_errors(arguments);
  };
  const Output unwritable = up({"--free-ports", "--directory", "/proc/none"});
  CHECK(unwritable.status == 1);
  CHECK_THAT(unwritable.text, Contains("/proc/none"));
  CHECK(up({"--port-offset", "70000"}).status == 2);
  CHECK(up({"--port-offset", "1", "--free-ports"}).status == 2);
}

}  // namespace
}  // namespace ccbus::test
