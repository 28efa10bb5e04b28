#include "service/cli/reports/invocation_report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ccbus::cli;
using namespace std::chrono_literals;
using ccbus::client::Origin;
using ccbus::client::Reply;
using nlohmann::json;

namespace {

Reply committed(const std::string& payload) {
  Reply reply;
  auto& submit = *reply.response.mutable_submit();
  submit.set_transaction_id("4f9c");
  submit.set_block_number(12);
  submit.mutable_result()->set_status(200);
  submit.mutable_result()->set_payload(payload);
  return reply;
}

const std::vector<std::string> kPromisedKeys{"ok",
                                             "code",
                                             "message",
                                             "details",
                                             "transaction_id",
                                             "block_number",
                                             "payload",
                                             "chaincode_message",
                                             "validation_code",
                                             "event",
                                             "chaincode_status",
                                             "payload_base64",
                                             "retries",
                                             "conflict",
                                             "elapsed_ms"};

}  // namespace

TEST_CASE("an invocation is one line for people, and its payload on the next", "[cli]") {
  CHECK(describe_invocation(committed(""), 3'249us) == "committed 4f9c: block 12, VALID, 3.2 ms");
  CHECK(describe_invocation(committed("tom"), 3'000us) ==
        "committed 4f9c: block 12, VALID, 3.0 ms\ntom");
}

TEST_CASE("a transaction without an outcome names no block", "[cli]") {
  Reply reply = committed("");
  reply.response.mutable_submit()->set_validation_code(protos::NOT_VALIDATED);
  CHECK(describe_invocation(reply, 1'000us) == "ordered 4f9c: 1.0 ms");
}

TEST_CASE("the JSON report has every promised key, for a success and for a failure", "[cli]") {
  Reply failed;
  failed.error = {ccbus::UNAVAILABLE, "cannot reach", Origin::kConnection};
  const auto reply = GENERATE_COPY(committed("tom"), failed);
  const json report = json::parse(invocation_json(reply, 1'500us));
  CHECK(report.size() == kPromisedKeys.size());
  for (const std::string& key : kPromisedKeys) {
    CHECK(report.contains(key));
    CHECK_THAT(kInvocationJsonHelp, Catch::Contains(key));
  }
}

TEST_CASE("the JSON report says what became of the transaction", "[cli]") {
  Reply reply = committed("tom");
  reply.response.mutable_submit()->mutable_event()->set_event_name("created");
  reply.response.mutable_submit()->mutable_event()->set_payload("a1");
  const json report = json::parse(invocation_json(reply, 1'500us));
  CHECK(report["ok"] == true);
  CHECK(report["code"] == "OK");
  CHECK(report["transaction_id"] == "4f9c");
  CHECK(report["validation_code"] == "VALID");
  CHECK(report["block_number"] == 12);
  CHECK(report["chaincode_status"] == 200);
  CHECK(report["payload"] == "tom");
  CHECK(report["payload_base64"] == "dG9t");
  CHECK(report["event"]["name"] == "created");
  CHECK(report["event"]["payload_base64"] == "YTE=");
  CHECK(report["elapsed_ms"] == 1.5);
}

TEST_CASE("what conflicts cost is told, and the last one in detail", "[cli]") {
  Reply reply = committed("");
  auto& submit = *reply.response.mutable_submit();
  submit.set_retries(2);
  CHECK(describe_invocation(reply, 1'000us) ==
        "committed 4f9c: block 12, VALID, 1.0 ms, after 2 conflicts");
  submit.set_validation_code(protos::MVCC_READ_CONFLICT);
  submit.mutable_conflict()->set_namespace_("basic");
  submit.mutable_conflict()->set_key("a1");
  submit.mutable_conflict()->mutable_committed()->set_block_num(7);
  const json report = json::parse(invocation_json(reply, 1us));
  CHECK(report["ok"] == false);
  CHECK(report["retries"] == 2);
  CHECK(report["conflict"]["key"] == "a1");
  CHECK(report["conflict"]["read"].is_null());
  CHECK(report["conflict"]["committed"] == json{{"block", 7}, {"tx", 0}});
}

TEST_CASE("a payload of bytes is in the JSON report as base64 only", "[cli]") {
  const json report = json::parse(invocation_json(committed("\xff\xfe"), 1us));
  CHECK(report["payload"].is_null());
  CHECK(report["payload_base64"] == "//4=");
}
