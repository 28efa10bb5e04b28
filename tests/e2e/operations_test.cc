// The operations endpoint of the real service.
#include <httplib.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
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

struct Watched {
  explicit Watched(std::vector<std::string> settings = {}) : service(with_endpoint(settings)) {}

  static std::vector<std::string> with_endpoint(std::vector<std::string> settings) {
    settings.emplace_back("operations.listenAddress=127.0.0.1:0");
    return settings;
  }

  httplib::Result get(const std::string& path) const {
    auto answer = httplib::Client(service.operations_url()).Get(path);
    REQUIRE(answer);
    return answer;
  }

  // Returns the value of a sample; -1 if there is none.
  double metric(const std::string& sample) const {
    const std::string text = "\n" + get("/metrics")->body;
    const auto at = text.find("\n" + sample + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + sample.size() + 2));
  }

  ServiceProcess service;
};

TEST_CASE("a block shows in the metrics, and its chaincode in /connz", "[e2e][issue-5]") {
  const Watched watched;
  const Process chaincode({test::built_program("asset-transfer"), "--peer.address",
                           watched.service.chaincode_endpoint(), "--chaincode-id-name", "basic"});
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  Json connections;
  do {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    connections = Json::parse(watched.get("/connz")->body);
  } while (connections["total"] == 0 || connections["handlers"][0]["state"] != "ready");
  CHECK(connections["handlers"][0]["chaincode"] == "basic");
  CHECK(connections["handlers"][0]["remote"].get<std::string>().starts_with("127.0.0.1:"));
  CHECK(connections["handlers"][0]["queued_messages"].is_number());
  CHECK(connections["clients_total"] == 0);
  CHECK(watched.get("/healthz")->status == 200);

  const Output invoked = run_ccbus(watched.service.client_endpoint(),
                                   {"invoke", "-C", "mychannel", "-n", "basic", "-c",
                                    R"({"Args":["CreateAsset","a1","blue","5","tom","300"]})"});
  REQUIRE(invoked.status == 0);
  CHECK(watched.metric("ledger_blockchain_height{channel=\"mychannel\"}") == 1);
  CHECK(watched.metric("ledger_block_processing_time_count{channel=\"mychannel\"}") == 1);
  CHECK(watched.metric("ledger_block_processing_time_sum{channel=\"mychannel\"}") > 0);
  CHECK(watched.metric("ccbus_commit_stage_seconds_count{channel=\"mychannel\",stage=\"write\"}") ==
        1);
  CHECK(watched.metric("ccbus_ledger_transactions_valid_total") == 1);
  CHECK(watched.metric("blockcutter_block_fill_duration_count{channel=\"mychannel\"}") == 1);
  CHECK(watched.metric("process_open_fds") > 3);
  CHECK(watched.metric("process_resident_memory_bytes") > 1e6);
}

TEST_CASE("next states from signers and query workers are counted, with the default configuration",
          "[e2e][issue-12]") {
  const Watched watched;
  Dealer chaincode(watched.service.chaincode_endpoint());
  chaincode.register_as("basic");
  Dealer client(watched.service.client_endpoint());
  constexpr std::uint64_t kCrowd = 8;  // More than the bus thread signs by itself.
  for (std::uint64_t id = 1; id <= kCrowd; ++id) client.send(evaluate(id, "basic"));
  std::vector<protos::ChaincodeMessage> transactions;
  while (transactions.size() < kCrowd) transactions.push_back(chaincode.receive());
  protos::GetQueryResult query;
  query.set_query(R"({"selector":{"color":"blue"}})");
  chaincode.send(in_transaction(transactions.front(), protos::ChaincodeMessage::GET_QUERY_RESULT,
                                query.SerializeAsString()));
  const auto sample = [](const char* origin, const char* type) {
    return std::string("ccbus_next_states_total{origin=\"") + origin + "\",type=\"" + type + "\"}";
  };
  const auto answer = chaincode.receive();
  CHECK(answer.type() == protos::ChaincodeMessage::RESPONSE);
  CHECK(watched.metric(sample("bus", "READY")) == 1);
  CHECK(watched.metric(sample("bus", "TRANSACTION")) > 0);
  CHECK(watched.metric(sample("pipe", "TRANSACTION")) > 0);
  CHECK(watched.metric(sample("bus", "TRANSACTION")) +
            watched.metric(sample("pipe", "TRANSACTION")) ==
        kCrowd);
  CHECK(watched.metric(sample("pipe", "RESPONSE")) == 1);
  CHECK(watched.metric("ccbus_next_states_late_total") == 0);
}

TEST_CASE("Fabric's metrics tell channels, chaincodes and outcomes apart",
          "[e2e][issue-5][row-65]") {
  const Watched watched;
  const Process chaincode({test::built_program("asset-transfer"), "--peer.address",
                           watched.service.chaincode_endpoint(), "--chaincode-id-name",
                           "basic:1.0"});
  const auto invoke = [&](const std::string& chaincode_name, const std::string& input) {
    return run_ccbus(watched.service.client_endpoint(),
                     {"invoke", "-C", "mychannel", "-n", chaincode_name, "-c", input})
        .status;
  };
  const std::string create = R"({"Args":["CreateAsset","a1","blue","5","tom","300"]})";
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (invoke("basic", create) != 0) REQUIRE(std::chrono::steady_clock::now() < deadline);
  CHECK(invoke("basic", create) != 0);  // It exists.
  CHECK(invoke("nobody", create) != 0);

  const std::string shim = R"(channel="mychannel",chaincode="basic:1.0")";
  CHECK(watched.metric(R"(chaincode_shim_requests_received{type="GET_STATE",)" + shim + "}") == 2);
  CHECK(watched.metric(R"(chaincode_shim_requests_completed{type="PUT_STATE",)" + shim +
                       R"(,success="true"})") == 1);
  CHECK(watched.metric(R"(chaincode_shim_request_duration_sum{type="GET_STATE",)" + shim +
                       R"(,success="true"})") > 0);
  const std::string endorser = R"(channel="mychannel",chaincode="basic")";
  CHECK(watched.metric("endorser_successful_proposals") == 1);
  CHECK(watched.metric("endorser_proposals_received") >= 3);
  CHECK(watched.metric("endorser_proposal_duration_count{" + endorser + R"(,success="true"})") ==
        1);
  CHECK(watched.metric("endorser_endorsement_failures{" + endorser +
                       R"(,chaincodeerror="true"})") == 1);
  CHECK(watched.metric(
            R"(endorser_proposal_simulation_failures{channel="_other",chaincode="_other"})") >= 1);
  CHECK(watched.metric("ledger_transaction_count{channel=\"mychannel\",transaction_type="
                       R"("ENDORSER_TRANSACTION",chaincode="basic",validation_code="VALID"})") ==
        1);
}

TEST_CASE("the health and the log level from the command line", "[e2e][issue-5]") {
  const Watched watched;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), test::built_program("ccbus"));
    arguments.insert(arguments.end(), {"--address", watched.service.operations_url()});
    Process process(arguments);
    const std::string line = process.read_line(10s);
    CHECK(process.wait(10s) == 0);
    return line;
  };
  CHECK(run({"healthcheck"}) == "healthy");
  CHECK(Json::parse(run({"healthcheck", "--json"}))["status"] == "OK");
  CHECK(run({"logs", "level"}) == "error");
  CHECK(run({"logs", "level", "debug"}) == "debug");
  CHECK(Json::parse(run({"logs", "level", "--json"})) == Json{{"spec", "debug"}});

  Process loud({test::built_program("ccbus"), "logs", "level", "loud", "--address",
                watched.service.operations_url()});
  CHECK(loud.wait(10s) == 1);
}

TEST_CASE("a health check says unwell, unreachable and wrong usage by its exit status",
          "[e2e][issue-5]") {
  const TemporaryDirectory directory;
  const Watched watched(
      {"limits.diskFreeBytes=900000000000000", "ledger.directory=" + directory.path().string()});
  const auto status = [](const std::string& address) {
    Process process(
        {test::built_program("ccbus"), "healthcheck", "--timeout", "2s", "--address", address});
    return process.wait(10s);
  };
  CHECK(status(watched.service.operations_url()) == 1);
  CHECK(status("http://127.0.0.1:1") == 3);
  CHECK(status("tcp://127.0.0.1:9443") == 2);
}

TEST_CASE("a stranger on the operations port is refused, whatever it says", "[e2e][issue-5]") {
  httplib::Server stranger;
  const std::string body = GENERATE(R"({"status":"x","failed_checks":["bus"]})",
                                    R"({"status":1,"failed_checks":[{"component":1}]})",
                                    R"({"spec":7,"error":{}})", "<html>", "[]", "");
  for (const char* path : {"/healthz", "/logspec"}) {
    stranger.Get(path, [&](const auto&, auto& response) {
      response.status = 503;
      response.set_content(body, "application/json");
    });
  }
  const int port = stranger.bind_to_any_port("127.0.0.1");
  std::thread serving([&] { stranger.listen_after_bind(); });
  const std::string address = "http://127.0.0.1:" + std::to_string(port);
  Process health({test::built_program("ccbus"), "healthcheck", "--address", address});
  CHECK(health.wait(10s) == 1);
  Process level({test::built_program("ccbus"), "logs", "level", "--address", address});
  CHECK(level.wait(10s) == 1);
  stranger.stop();
  serving.join();
}

TEST_CASE("a service starts where the command's own variables are set", "[e2e][issue-5]") {
  Process process({"/usr/bin/env", "CCBUS_OPERATIONS_ADDRESS=http://127.0.0.1:9443",
                   "CCBUS_ADDRESS=tcp://127.0.0.1:7051", test::built_program("ccbusd"),
                   "--check-config"});
  CHECK(process.wait(10s) == 0);
}

TEST_CASE("a disk that is nearly full turns the health red, with the bytes and the limit",
          "[e2e][issue-5]") {
  const TemporaryDirectory directory;
  const Watched watched(
      {"ledger.directory=" + directory.path().string(), "limits.diskFreeBytes=900000000000000"});
  const auto answer = watched.get("/healthz");
  CHECK(answer->status == 503);
  const Json failed = Json::parse(answer->body)["failed_checks"];
  REQUIRE(failed.size() == 1);
  CHECK(failed[0]["component"] == "disk");
  CHECK_THAT(failed[0]["reason"].get<std::string>(),
             Catch::Contains("900000000000000 (limits.diskFreeBytes)"));
}

TEST_CASE("the log level changes while the service runs", "[e2e][issue-5]") {
  const Watched watched({"logging.level=warn"});
  httplib::Client client(watched.service.operations_url());
  CHECK(Json::parse(watched.get("/logspec")->body)["spec"] == "warn");
  CHECK(client.Put("/logspec", R"({"spec":"loud"})", "application/json")->status == 400);
  CHECK(client.Put("/logspec", R"({"spec":"error"})", "application/json")->status == 204);
  CHECK(Json::parse(watched.get("/logspec")->body)["spec"] == "error");
}

TEST_CASE("the operations endpoint is not shown to other machines without being told so",
          "[e2e][issue-5]") {
  Process process({test::built_program("ccbusd"), "--check-config", "--set",
                   "operations.listenAddress=0.0.0.0:9443"});
  CHECK(process.wait(10s) == 2);
}

}  // namespace
}  // namespace ccbus::test
