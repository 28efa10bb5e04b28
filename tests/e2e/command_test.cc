// The programs as a user runs them: ccbusd, the sample chaincode and the ccbus command.
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"
#include "tests/support/dealer.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using Catch::Matchers::Contains;

class Sample {
 public:
  Sample() : chaincode_(start()) { wait_until_registered(); }

  Output ccbus(std::vector<std::string> arguments) const {
    return run_ccbus(service_.client_endpoint(), std::move(arguments));
  }

  Output invoke(const std::string& input) const {
    return ccbus({"invoke", "-C", "mychannel", "-n", "basic", "-c", input, "--json"});
  }
  Output query(const std::string& input) const {
    return ccbus({"query", "-C", "mychannel", "-n", "basic", "-c", input});
  }

  ServiceProcess& service() { return service_; }
  Process& chaincode() { return *chaincode_; }
  void start_chaincode_again() {
    chaincode_ = start();
    wait_until_registered();
  }

 private:
  std::unique_ptr<Process> start() const {
    return std::make_unique<Process>(
        std::vector<std::string>{test::built_program("asset-transfer"), "--peer.address",
                                 service_.chaincode_endpoint(), "--chaincode-id-name", "basic"});
  }

  void wait_until_registered() const {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (ccbus({"status"}).text.find(" ready ") == std::string::npos) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
    }
  }

  ServiceProcess service_;
  std::unique_ptr<Process> chaincode_;
};

TEST_CASE("a newcomer's first commands: create, read, refuse, list", "[e2e]") {
  const Sample sample;
  const auto created = sample.invoke(R"({"Args":["CreateAsset","a1","blue","5","tom","300"]})");
  REQUIRE(created.status == 0);
  const auto result = Json::parse(created.text);
  CHECK(result.at("ok") == true);
  CHECK(result.at("validation_code") == "VALID");
  CHECK(result.at("block_number") == 0);

  const auto read = sample.query(R"({"function":"ReadAsset","Args":["a1"]})");
  CHECK(read.status == 0);
  CHECK(Json::parse(read.text).at("Owner") == "tom");

  const auto again = sample.invoke(R"({"Args":["CreateAsset","a1","blue","5","tom","300"]})");
  CHECK(again.status == 1);
  CHECK(Json::parse(again.text).at("chaincode_status") == 500);

  CHECK(sample.invoke(R"({"Args":["InitLedger"]})").status == 0);
  CHECK(Json::parse(sample.query(R"({"Args":["GetAllAssets"]})").text).size() == 7);
}

TEST_CASE("a chaincode's answer commands no terminal, and reaches a pipe byte for byte",
          "[e2e][issue-13]") {
  const ServiceProcess service;
  Dealer chaincode(service.chaincode_endpoint());
  chaincode.register_as("basic");
  // Returns what a command shows of an answer with this status, payload and message.
  const auto shown = [&](std::vector<std::string> command, int status) {
    Process process(command);
    const auto transaction = chaincode.receive();
    protos::Response response;
    response.set_status(status);
    response.set_message("no \x1b[2J\x07");
    response.set_payload("yes \x1b]0;x\x07");
    chaincode.send(in_transaction(transaction, protos::ChaincodeMessage::COMPLETED,
                                  response.SerializeAsString()));
    return process.read_line(10s);
  };
  const std::string query = test::built_program("ccbus") + " query --address " +
                            service.client_endpoint() +
                            R"( -C mychannel -n basic -c '{"Args":["f"]}')";
  CHECK(shown({"/bin/sh", "-c", query}, 200) == "yes \x1b]0;x\x07");
  CHECK(shown({"/usr/bin/script", "-qec", query, "/dev/null"}, 200) == "yes \\x1b]0;x\\x07\r");
  const std::string refused = shown({"/bin/sh", "-c", query + " 2>&1"}, 500);
  CHECK_THAT(refused, Catch::Contains("no \\x1b[2J\\x07"));
  CHECK(refused.find('\x1b') == std::string::npos);
}

TEST_CASE("exit codes tell refused, wrong usage and unreachable apart", "[e2e]") {
  Sample sample;
  CHECK(sample.query(R"({"Args":["ReadAsset","nobody"]})").status == 1);
  CHECK(sample.query("this is not JSON").status == 2);
  CHECK(sample.ccbus({"no-such-command"}).status == 2);
  CHECK(sample.service().stop() == 0);
  CHECK(sample.query(R"({"Args":["ReadAsset","a1"]})").status == 3);
}

TEST_CASE("kill -9 of a chaincode in mid-air: its client hears at once, a new process serves",
          "[e2e]") {
  Sample sample;
  // A stopped process keeps its transaction open for as long as the test needs.
  sample.chaincode().signal(SIGSTOP);
  Process caller({test::built_program("ccbus"), "invoke", "-C", "mychannel", "-n", "basic", "-c",
                  R"({"Args":["InitLedger"]})", "--json", "--address",
                  sample.service().client_endpoint()});
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  const auto is_open = [&] {
    const std::string status = sample.ccbus({"status"}).text;
    return status.find("ready  1 ") != std::string::npos;
  };
  while (!is_open()) REQUIRE(std::chrono::steady_clock::now() < deadline);

  sample.chaincode().signal(SIGKILL);
  const auto answer = Json::parse(caller.read_line(10s));
  CHECK(answer.at("code") == "ABORTED");
  CHECK_THAT(answer.at("details").at(0).at("message").get<std::string>(),
             Catch::Matchers::Contains("chaincode stream terminated"));
  CHECK(caller.wait(10s) == 1);

  sample.start_chaincode_again();
  CHECK(sample.invoke(R"({"Args":["InitLedger"]})").status == 0);
}

TEST_CASE("a wrong configuration is refused with where it stands and the nearest key", "[e2e]") {
  for (const char* setting : {"chaincode.executetimout=3s", "chaincode.executetimeout=fast",
                              "peer.listenAddress=0.0.0.0:7051"}) {
    Process process({test::built_program("ccbusd"), "--check-config", "--set", setting});
    CHECK(process.wait(10s) == 2);
  }
  Process good({test::built_program("ccbusd"), "--check-config", "--config",
                test::source_path("deploy/ccbus.yaml")});
  CHECK(good.wait(10s) == 0);
}

TEST_CASE("an unknown command is an error with the nearest name", "[e2e][row-212]") {
  const auto [words, nearest] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"querry", "-C", "mychannel"}, "'query'"},
      {{"ledger", "hist"}, "'history'"},
      {{"chaincode", "defien", "-n", "basic"}, "'define'"},
  }));
  std::vector<std::string> command = {test::built_program("ccbus")};
  command.insert(command.end(), words.begin(), words.end());
  const Output refused = run_with_errors(command);
  CHECK(refused.status == 2);
  CHECK_THAT(refused.text, Contains("the nearest known one is " + nearest));
}

TEST_CASE("several settings may follow one --set", "[e2e][row-213]") {
  const Output shown =
      run_program({test::built_program("ccbusd"), "--check-config", "--set", "limits.workers=3",
                   "chaincode.executetimeout=7s", "--set", "limits.peers=4321"});
  CHECK(shown.status == 0);
  CHECK_THAT(shown.text, Contains("limits.workers: 3\n") &&
                             Contains("chaincode.executetimeout: 7s\n") &&
                             Contains("limits.peers: 4321\n"));
  const Output one = run_program({test::built_program("ccbus"), "config", "show", "--json", "--set",
                                  "limits.workers=3", "limits.peers=4321", "limits.peers"});
  CHECK(one.status == 0);
  CHECK_THAT(one.text, Contains("4321"));
}

TEST_CASE("a start at a port of another service names that service", "[e2e][row-214]") {
  const ServiceProcess service({"operations.listenAddress=127.0.0.1:0"});
  const std::string ours = "by ccbusd, process " + std::to_string(service.pid());
  const auto start = [](const std::string& setting) {
    return run_with_errors({test::built_program("ccbusd"), "--set", "ledger.directory=:memory:",
                            "operations.listenAddress=", "peer.listenAddress=127.0.0.1:0",
                            "peer.chaincodeListenAddress=127.0.0.1:0", setting});
  };
  const std::string setting =
      GENERATE("peer.listenAddress=", "peer.chaincodeListenAddress=", "operations.listenAddress=");
  const std::string address = setting == "peer.listenAddress=" ? service.client_endpoint()
                              : setting == "operations.listenAddress="
                                  ? service.operations_url().substr(std::string("http://").size())
                                  : service.chaincode_endpoint();
  const Output refused = start(setting + address);
  CHECK(refused.status == 1);
  CHECK_THAT(refused.text, Contains("cannot listen on") && Contains(ours));
}

TEST_CASE("a chaincode at the clients' port is told so once, and leaves", "[e2e][row-211]") {
  const ServiceProcess service;
  const Output lost = run_with_errors({test::built_program("asset-transfer"), "--peer.address",
                                       service.client_endpoint(), "--chaincode-id-name", "basic"});
  CHECK(lost.status == 1);
  CHECK(lost.text == "chaincode stream to " + service.client_endpoint() +
                         " ended: registration refused: chaincode basic has connected to the "
                         "endpoint for clients (peer.listenAddress); chaincodes connect to " +
                         service.chaincode_endpoint() + " (peer.chaincodeListenAddress)\n");
}

}  // namespace
}  // namespace ccbus::test
