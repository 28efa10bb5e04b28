#include "service/cli/reports/status_report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ccbus::cli;

TEST_CASE("an age shows its two largest units", "[cli]") {
  const auto [milliseconds, text] = GENERATE(table<std::uint64_t, std::string>({
      {0, "0 ms"},
      {999, "999 ms"},
      {1'000, "1 s"},
      {65'000, "1 min 5 s"},
      {3'600'000, "1 h"},
      {3'601'000, "1 h"},
      {90'061'000, "1 d 1 h"},
  }));
  CHECK(format_age(milliseconds) == text);
}

TEST_CASE("the status shows every pool member and every channel in columns", "[cli]") {
  ccbus::StatusResponse status;
  status.set_version("0.1.0");
  status.set_uptime_ms(65'000);
  status.set_durability("synced");
  status.set_chaincode_endpoint("tcp://127.0.0.1:7052");
  status.set_client_endpoint("tcp://127.0.0.1:7051");
  auto& chaincode = *status.add_chaincodes();
  chaincode.set_name("basic");
  for (const std::uint64_t handler : {1, 12}) {
    auto& member = *chaincode.add_members();
    member.set_handler(handler);
    member.set_chaincode_id("basic:1.0");
    member.set_state("ready");
    member.set_open_transactions(3);
    member.set_transactions(40);
    member.set_connected_ms(1'000);
  }
  auto& channel = *status.add_channels();
  channel.set_channel_id("mychannel");
  channel.set_height(7);
  channel.set_last_block_hash("ab12");
  channel.set_state_database("CouchDB");

  CHECK(format_status(status) ==
        "ccbusd 0.1.0, up 1 min 5 s, durability synced\n"
        "chaincode endpoint tcp://127.0.0.1:7052, client endpoint tcp://127.0.0.1:7051\n"
        "\n"
        "CHAINCODE  MEMBER  REGISTERED AS  STATE  OPEN  TRANSACTIONS  CONNECTED\n"
        "basic      1       basic:1.0      ready  3     40            1 s\n"
        "basic      12      basic:1.0      ready  3     40            1 s\n"
        "\n"
        "CHANNEL    HEIGHT  STATE DATABASE  LAST BLOCK\n"
        "mychannel  7       CouchDB         ab12\n");
}

TEST_CASE("where keys are asked for, the status names them, and both addresses of a rotation",
          "[cli][issue-16]") {
  ccbus::StatusResponse status;
  status.set_version("0.1.0");
  status.set_chaincode_endpoint("tcp://127.0.0.1:7052");
  status.set_client_endpoint("tcp://127.0.0.1:7051");
  status.mutable_own_key()->set_name("admin");
  auto& chaincode = *status.add_chaincodes();
  chaincode.set_name("basic");
  auto& member = *chaincode.add_members();
  member.set_handler(1);
  member.set_chaincode_id("basic:1.0");
  member.set_state("ready");
  member.set_key("basic-key");
  const auto listen = [&](const char* endpoint, const char* address, std::uint64_t connections) {
    auto& listener = *status.add_listeners();
    listener.set_endpoint(endpoint);
    listener.set_address(address);
    listener.set_connections(connections);
  };
  listen("chaincode", "tcp://127.0.0.1:7052", 1);
  listen("clients", "tcp://127.0.0.1:7051", 2);
  const std::string head =
      "ccbusd 0.1.0, up 0 ms, durability \n"
      "chaincode endpoint tcp://127.0.0.1:7052, client endpoint tcp://127.0.0.1:7051\n"
      "connected with key admin\n";
  const std::string chaincodes =
      "\n"
      "CHAINCODE  MEMBER  REGISTERED AS  STATE  OPEN  TRANSACTIONS  CONNECTED  KEY\n"
      "basic      1       basic:1.0      ready  0     0             0 ms       basic-key\n"
      "\n"
      "There is no channel yet.\n";
  CHECK(format_status(status) == head + chaincodes);

  listen("clients", "tcp://127.0.0.1:7061", 0);
  CHECK(format_status(status) == head +
                                     "\n"
                                     "ENDPOINT   ADDRESS               CONNECTIONS\n"
                                     "chaincode  tcp://127.0.0.1:7052  1\n"
                                     "clients    tcp://127.0.0.1:7051  2\n"
                                     "clients    tcp://127.0.0.1:7061  0\n" +
                                     chaincodes);

  ccbus::client::Reply reply;
  *reply.response.mutable_service_status() = status;
  const auto report = nlohmann::json::parse(status_json(reply));
  CHECK(report["chaincodes"][0]["members"][0]["key"] == "basic-key");
  CHECK(report["listeners"][2] == nlohmann::json{{"endpoint", "clients"},
                                                 {"address", "tcp://127.0.0.1:7061"},
                                                 {"connections", 0}});
}

TEST_CASE("the status says how far the rewriting of old tables is, until it is done",
          "[cli][issue-14]") {
  ccbus::StatusResponse status;
  auto& counters = *status.mutable_counters();
  CHECK(format_status(status).find("rewritten") == std::string::npos);
  counters["ledger_old_tables_found"] = 40;
  CHECK_THAT(format_status(status),
             Catch::Contains("tables of an earlier version rewritten: 0 of 40\n"));
  counters["ledger_old_tables_rewritten"] = 12;
  CHECK_THAT(format_status(status), Catch::Contains(": 12 of 40\n"));
  counters["ledger_old_tables_rewritten"] = 40;
  CHECK(format_status(status).find("rewritten") == std::string::npos);
}

TEST_CASE("a service without chaincodes and channels says so", "[cli]") {
  const std::string text = format_status(ccbus::StatusResponse());
  CHECK_THAT(text, Catch::Contains("No chaincode is connected."));
  CHECK_THAT(text, Catch::Contains("There is no channel yet."));
}

TEST_CASE("the status as JSON holds what the tables hold, and the counters", "[cli]") {
  ccbus::client::Reply reply;
  auto& status = *reply.response.mutable_service_status();
  status.set_version("0.1.0");
  auto& chaincode = *status.add_chaincodes();
  chaincode.set_name("basic");
  chaincode.add_members()->set_state("ready");
  status.add_channels()->set_height(7);
  (*status.mutable_counters())["ledger_blocks"] = 7;
  status.mutable_usage()->set_cpu_us(1'500);
  const auto json = nlohmann::json::parse(status_json(reply));
  CHECK(json.at("ok") == true);
  CHECK(json.at("chaincodes")[0].at("members")[0].at("state") == "ready");
  CHECK(json.at("channels")[0].at("height") == 7);
  CHECK(json.at("counters").at("ledger_blocks") == 7);
  CHECK(json.at("usage").at("cpu_us") == 1'500);
}

TEST_CASE("a status that could not be had is JSON, too", "[cli]") {
  ccbus::client::Reply reply;
  reply.error = {ccbus::UNAVAILABLE, "cannot reach it", ccbus::client::Origin::kConnection};
  const auto json = nlohmann::json::parse(status_json(reply));
  CHECK(json.at("ok") == false);
  CHECK(json.at("code") == "UNAVAILABLE");
  CHECK(json.at("message") == "cannot reach it");
}
