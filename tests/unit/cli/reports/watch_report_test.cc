#include "service/cli/reports/watch_report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace ccbus::cli {
namespace {

using Catch::Matchers::Contains;
using nlohmann::json;
using namespace std::chrono_literals;

const WallTime kNow{std::chrono::seconds(1'790'000'000)};

StatusResponse busy_service() {
  StatusResponse status;
  status.set_version("1.2.3");
  status.set_uptime_ms(61'000);
  status.set_durability("synced");
  (*status.mutable_counters())["bus_peers_connected"] = 9;
  (*status.mutable_counters())["bus_peers_gone"] = 2;
  ChannelStatus& channel = *status.add_channels();
  channel.set_channel_id("mychannel");
  channel.set_height(1'234);
  channel.set_waiting(17);
  channel.add_stages()->set_name("write");
  ChaincodeStatus& chaincode = *status.add_chaincodes();
  chaincode.set_name("basic");
  for (const char* const state : {"ready", "ready", "established"}) {
    MemberStatus& member = *chaincode.add_members();
    member.set_state(state);
    member.set_open_transactions(2);
  }
  return status;
}

StatusRates busy_rates() {
  StatusRates rates;
  rates.seconds = 1;
  rates.invocations = 19'812.4;
  rates.block_bytes = 2.5e6;
  rates.cores = 1.25;
  rates.channels = {{"mychannel", 140, {{"write", 0.0021}}}};
  rates.chaincodes = {{"basic", 19'000}};
  return rates;
}

TEST_CASE("a refresh shows rates beside what is now, then channels and chaincodes", "[cli]") {
  const std::string text = format_watch(busy_service(), busy_rates(), kNow);
  CHECK_THAT(text, Contains("ccbusd 1.2.3, up 1 min 1 s, durability synced"));
  CHECK_THAT(text, Contains("invocations         19,812  open transactions    6\n"));
  CHECK_THAT(text, Contains("waiting for a block  17\n") && Contains("connections          7\n"));
  CHECK_THAT(text, Contains("block bytes         2.5 MB") && Contains("1.25 cores"));
  CHECK_THAT(text, Contains("CHANNEL    HEIGHT  WAITING  BLOCKS/S  P99 write\n"
                            "mychannel  1,234   17       140       2.1 ms\n"));
  CHECK_THAT(text, Contains("basic      3         1 established, 2 ready  6     19,000\n"));
}

TEST_CASE("without rates there are dashes, and no figure is made up", "[cli]") {
  const std::string text = format_watch(busy_service(), std::nullopt, kNow);
  CHECK_THAT(text, Contains("invocations         -  open transactions    6\n"));
  CHECK_THAT(text, Contains("mychannel  1,234   17       -         -\n"));
}

TEST_CASE("a service without channels and chaincodes says so", "[cli]") {
  const std::string text = format_watch(StatusResponse(), StatusRates(), kNow);
  CHECK_THAT(text, Contains("There is no channel yet.") && Contains("No chaincode is connected."));
}

TEST_CASE("for scripts a refresh is the status with the time and the rates", "[cli]") {
  client::Reply reply;
  *reply.response.mutable_service_status() = busy_service();
  const json with = json::parse(watch_json(reply, busy_rates(), kNow));
  CHECK(with["ok"] == true);
  CHECK(with["time"] == "2026-09-21T14:13:20Z");
  CHECK(with["channels"][0]["waiting"] == 17);
  CHECK(with["rates"]["invocations"] == 19'812.4);
  CHECK(with["rates"]["channels"]["mychannel"]["p99_seconds"]["write"] == 0.0021);
  CHECK(with["rates"]["chaincodes"]["basic"]["transactions"] == 19'000);
  CHECK(json::parse(watch_json(reply, std::nullopt, kNow))["rates"].is_null());
}

TEST_CASE("a service that is silent is said to be so, and since when", "[cli]") {
  client::Reply reply;
  reply.error = {UNAVAILABLE, "gone", client::Origin::kConnection};
  const NoResponse first{"nobody is there", std::nullopt};
  CHECK(format_no_response(first, kNow) == "no answer yet: nobody is there\n");
  CHECK(json::parse(no_response_json(reply, first, kNow))["last_answer"].is_null());

  const NoResponse later{"nobody is there", kNow - 90s};
  CHECK_THAT(format_no_response(later, kNow),
             Contains("no answer since ") && Contains(" (1 min 30 s): nobody is there\n"));
  const json line = json::parse(no_response_json(reply, later, kNow));
  CHECK(line["ok"] == false);
  CHECK(line["code"] == "UNAVAILABLE");
  CHECK(line["message"] == "nobody is there");
  CHECK(line["last_answer"] == "2026-09-21T14:11:50Z");
}

}  // namespace
}  // namespace ccbus::cli
