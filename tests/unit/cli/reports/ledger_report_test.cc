#include "service/cli/reports/ledger_report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "service/cli/reports/channel_report.h"
#include "service/cli/reports/event_report.h"

using namespace ccbus::cli;
using ccbus::client::Origin;
using ccbus::client::Reply;
using nlohmann::json;

TEST_CASE("a range shows keys, versions and values, and where the next page begins", "[cli]") {
  Reply reply;
  auto& range = *reply.response.mutable_ledger()->mutable_range();
  auto* entry = range.add_entries();
  entry->set_key("a1");
  entry->set_value("blue");
  entry->mutable_version()->set_block_num(4);
  range.add_entries()->set_value("\xff\xff\xff");
  range.set_bookmark("b");
  CHECK(format_ledger(reply.response.ledger()) ==
        "a1  (4,0)  blue\n  (0,0)  <3 bytes>\n-- more: --bookmark b\n");
  const json report = json::parse(ledger_json(reply));
  CHECK(report["ok"] == true);
  CHECK(report["entries"][0]["value"] == "blue");
  CHECK(report["entries"][1]["value"].is_null());
  CHECK(report["bookmark"] == "b");
}

TEST_CASE("a composite key is shown escaped, and its parts in JSON", "[cli][row-209][row-215]") {
  using namespace std::string_literals;
  Reply reply;
  auto& range = *reply.response.mutable_ledger()->mutable_range();
  auto* entry = range.add_entries();
  entry->set_key("\0color~name\0blue\0a1\0"s);
  entry->set_value("\0"s);
  range.add_entries()->set_key("\0not composite"s);
  range.add_entries()->set_key("\x1b[31mred");
  range.set_bookmark("\0color~name\0blue\0a2\0"s);
  CHECK(format_ledger(reply.response.ledger()) ==
        "\\x00color~name\\x00blue\\x00a1\\x00  (0,0)  \\x00\n"
        "\\x00not composite  (0,0)  \n"
        "\\x1b[31mred  (0,0)  \n"
        "-- more: --bookmark-base64 AGNvbG9yfm5hbWUAYmx1ZQBhMgA=\n");
  const json report = json::parse(ledger_json(reply));
  const json& first = report["entries"][0];
  CHECK(first["key"] == "\0color~name\0blue\0a1\0"s);
  CHECK(first["key_base64"] == "AGNvbG9yfm5hbWUAYmx1ZQBhMQA=");
  CHECK(first["composite"] == json{"color~name", "blue", "a1"});
  CHECK_FALSE(report["entries"][1].contains("composite"));
  CHECK(report["bookmark_base64"] == "AGNvbG9yfm5hbWUAYmx1ZQBhMgA=");
}

TEST_CASE("a bookmark is printed as it is to be typed", "[cli][row-210]") {
  const auto [bookmark, option] = GENERATE(table<std::string, std::string>({
      {"a1", "--bookmark a1"},
      {"a 1;$x", "--bookmark 'a 1;$x'"},
      {"it's", "--bookmark-base64 aXQncw=="},
      {"-n", "--bookmark-base64 LW4="},
      {"caf\xc3\xa9", "--bookmark 'caf\xc3\xa9'"},
      {"\xff", "--bookmark-base64 /w=="},
  }));
  Reply reply;
  reply.response.mutable_ledger()->mutable_history()->set_bookmark(bookmark);
  CHECK(format_ledger(reply.response.ledger()) == "-- more: " + option + "\n");
}

TEST_CASE("a history shows deletes, and the last page no bookmark", "[cli]") {
  Reply reply;
  auto& history = *reply.response.mutable_ledger()->mutable_history();
  auto* change = history.add_modifications();
  change->set_tx_id("4f9c");
  change->set_is_delete(true);
  CHECK(format_ledger(reply.response.ledger()) ==
        "1970-01-01T00:00:00.000000000Z  4f9c  deleted\n");
  CHECK(json::parse(ledger_json(reply))["modifications"][0]["is_delete"] == true);
}

TEST_CASE("a verification is only fine without differences, which are shown", "[cli]") {
  Reply reply;
  auto& found = *reply.response.mutable_ledger()->mutable_verification();
  found.set_blocks(3);
  CHECK(format_ledger(reply.response.ledger()) ==
        "3 blocks, 0 transactions, 0 keys, 0 private values: all as the blocks say\n");
  CHECK(json::parse(ledger_json(reply))["ok"] == true);
  found.set_differences_count(1);
  found.add_differences("block 2: its data hash is wrong");
  CHECK_THAT(format_ledger(reply.response.ledger()),
             Catch::Contains("1 differences\n  block 2: its data hash is wrong\n"));
  CHECK(json::parse(ledger_json(reply))["ok"] == false);
}

TEST_CASE("a look-up that failed is JSON, too", "[cli]") {
  Reply reply;
  reply.error = {ccbus::NOT_FOUND, "channel ch1 has no block 7: its height is 2", Origin::kService};
  const json report = json::parse(ledger_json(reply));
  CHECK(report["ok"] == false);
  CHECK(report["code"] == "NOT_FOUND");
  CHECK(report["message"] == "channel ch1 has no block 7: its height is 2");
}

TEST_CASE("a channel that was made says at which height", "[cli]") {
  Reply reply;
  reply.response.mutable_channel()->set_channel_id("second");
  reply.response.mutable_channel()->set_height(3);
  CHECK(format_channel(reply, "restored") == "channel second restored, at height 3");
  CHECK(json::parse(channel_json(reply))["height"] == 3);
}

TEST_CASE("an event is one line, for people and for programs", "[cli]") {
  ccbus::client::ChaincodeEvent event;
  event.block_number = 12;
  event.event.set_tx_id("4f9c");
  event.event.set_chaincode_id("basic");
  event.event.set_event_name("Created");
  event.event.set_payload("a1");
  CHECK(format_event(event) == "block 12  4f9c  basic  Created  a1");
  CHECK(json::parse(event_json(event))["payload_base64"] == "YTE=");
  event.event.set_payload("\xff");
  CHECK(format_event(event) == "block 12  4f9c  basic  Created  <1 bytes>");
  CHECK(json::parse(event_json(event))["payload"].is_null());
}

TEST_CASE("a block's line has its transactions under it", "[cli]") {
  ccbus::FilteredBlock block;
  block.set_block_number(12);
  auto* transaction = block.add_transactions();
  transaction->set_transaction_id("4f9c");
  transaction->set_chaincode_name("basic");
  transaction->mutable_event()->set_event_name("Created");
  CHECK(format_filtered(block) == "block 12  1 transactions\n  4f9c  VALID  basic");
  const json line = json::parse(filtered_json(block));
  CHECK(line["number"] == 12);
  CHECK(line["transactions"][0]["event"]["name"] == "Created");
}
