// The requests that the calls of the stub send to the peer.
#include <catch2/catch.hpp>
#include <deque>
#include <string>
#include <vector>

#include "bindings/cpp/tests/support/scripted_peer.h"
#include "ccbus/shim/stub.h"
#include "fabric/ledger/kv_query_result.pb.h"
#include "fabric/peer/chaincode.pb.h"

using namespace ccbus::testing;
using Catch::Matchers::Message;
using ccbus::shim::Error;
using ccbus::shim::Peer;
using ccbus::shim::Stub;

namespace {

// Records its requests and returns the prepared answers; afterwards it returns empty ones.
class RecordingPeer final : public Peer {
 public:
  struct Asked {
    ChaincodeMessage::Type type;
    std::string bytes;
  };

  std::string ask(ChaincodeMessage::Type type,
                  const google::protobuf::MessageLite& request) override {
    asked.push_back({type, request.SerializeAsString()});
    if (answers.empty()) return {};
    std::string answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
  protos::ChaincodeAdditionalParams offered() const override { return offer; }

  template <class Request>
  Request last(ChaincodeMessage::Type type) const {
    REQUIRE_FALSE(asked.empty());
    CHECK(asked.back().type == type);
    Request request;
    REQUIRE(request.ParseFromString(asked.back().bytes));
    return request;
  }

  std::vector<Asked> asked;
  std::deque<std::string> answers;
  protos::ChaincodeAdditionalParams offer;
};

struct Desk {
  RecordingPeer peer;
  Stub stub{peer, transaction_of({"f"})};
};

std::string multiple(const std::vector<std::string>& values) {
  protos::GetStateMultipleResult result;
  for (const std::string& value : values) result.add_values(value);
  return result.SerializeAsString();
}

std::string callee(ChaincodeMessage::Type type, const std::string& payload) {
  ChaincodeMessage message;
  message.set_type(type);
  message.set_payload(payload);
  return message.SerializeAsString();
}

}  // namespace

TEST_CASE("private data carry their collection in every request", "[shim]") {
  Desk desk;
  desk.peer.answers = {"value", "hash"};
  CHECK(desk.stub.get_private_data("c", "k") == "value");
  CHECK(desk.peer.last<protos::GetState>(ChaincodeMessage::GET_STATE).collection() == "c");
  CHECK(desk.stub.get_private_data_hash("c", "k") == "hash");
  CHECK(desk.peer.last<protos::GetState>(ChaincodeMessage::GET_PRIVATE_DATA_HASH).key() == "k");
  desk.stub.put_private_data("c", "k", "v");
  const auto put = desk.peer.last<protos::PutState>(ChaincodeMessage::PUT_STATE);
  CHECK(put.collection() + put.key() + put.value() == "ckv");
  desk.stub.del_private_data("c", "k");
  CHECK(desk.peer.last<protos::DelState>(ChaincodeMessage::DEL_STATE).collection() == "c");
  desk.stub.purge_private_data("c", "k");
  CHECK(desk.peer.last<protos::PurgePrivateState>(ChaincodeMessage::PURGE_PRIVATE_DATA)
            .collection() == "c");
  CHECK_FALSE(desk.stub.get_private_data_by_range("c", "a", "b").next());
  CHECK_THROWS_MATCHES(desk.stub.get_private_data("", "k"), Error,
                       Message("collection must not be an empty string"));
  CHECK_THROWS_MATCHES(desk.stub.put_private_data("c", "", "v"), Error,
                       Message("key must not be an empty string"));
}

TEST_CASE("a private range and a private query ask in their collection", "[shim]") {
  Desk desk;
  {
    auto range = desk.stub.get_private_data_by_range("c", "", "b");
    const auto request =
        desk.peer.last<protos::GetStateByRange>(ChaincodeMessage::GET_STATE_BY_RANGE);
    CHECK(request.collection() == "c");
    CHECK(request.startkey() == "\x01");
    CHECK(request.endkey() == "b");
  }
  {
    auto partial = desk.stub.get_private_data_by_partial_composite_key("c", "type", {});
    CHECK(
        desk.peer.last<protos::GetStateByRange>(ChaincodeMessage::GET_STATE_BY_RANGE).startkey() ==
        std::string("\0type\0", 6));
  }
  auto found = desk.stub.get_private_data_query_result("c", "{}");
  CHECK(desk.peer.last<protos::GetQueryResult>(ChaincodeMessage::GET_QUERY_RESULT).collection() ==
        "c");
}

TEST_CASE("several keys are one request where the peer offers it, cut by its size", "[shim]") {
  Desk desk;
  std::vector<std::string> keys;
  for (int i = 0; i < 150; ++i) keys.push_back("k" + std::to_string(i));
  SECTION("offered") {
    desk.peer.offer.set_use_get_multiple_keys(true);
    desk.peer.offer.set_max_size_get_multiple_keys(10);  // Fabric's shims make it a hundred.
    desk.peer.answers = {multiple(std::vector<std::string>(100, "a")),
                         multiple(std::vector<std::string>(50, "b"))};
    const auto values = desk.stub.get_multiple_states(keys);
    CHECK(values.size() == 150);
    CHECK(values[99] + values[100] == "ab");
    CHECK(desk.peer.asked.size() == 2);
    CHECK(desk.peer.last<protos::GetStateMultiple>(ChaincodeMessage::GET_STATE_MULTIPLE).keys(0) ==
          "k100");
  }
  SECTION("not offered") {
    CHECK(desk.stub.get_multiple_private_data("c", keys).size() == 150);
    CHECK(desk.peer.asked.size() == 150);
    CHECK(desk.peer.last<protos::GetState>(ChaincodeMessage::GET_STATE).key() == "k149");
  }
  SECTION("an answer of another length is refused") {
    desk.peer.offer.set_use_get_multiple_keys(true);
    desk.peer.answers = {multiple({"a"})};
    CHECK_THROWS_MATCHES(desk.stub.get_multiple_states(keys), Error,
                         Message("the peer's answer for several keys cannot be decoded"));
  }
}

TEST_CASE("the writes of a batch are sent together, in their order", "[shim]") {
  Desk desk;
  desk.peer.offer.set_use_write_batch(true);
  desk.stub.start_write_batch();
  desk.stub.put_state("a", "1");
  desk.stub.del_state("b");
  desk.stub.set_state_validation_parameter("a", "policy");
  desk.stub.put_private_data("c", "k", "v");
  desk.stub.purge_private_data("c", "old");
  CHECK(desk.peer.asked.empty());
  desk.stub.finish_write_batch();
  REQUIRE(desk.peer.asked.size() == 1);
  const auto batch = desk.peer.last<protos::WriteBatchState>(ChaincodeMessage::WRITE_BATCH_STATE);
  REQUIRE(batch.rec_size() == 5);
  CHECK(batch.rec(0).type() == protos::WriteRecord::PUT_STATE);
  CHECK(batch.rec(0).value() == "1");
  CHECK(batch.rec(1).type() == protos::WriteRecord::DEL_STATE);
  CHECK(batch.rec(2).metadata().metakey() == "VALIDATION_PARAMETER");
  CHECK(batch.rec(3).collection() == "c");
  CHECK(batch.rec(4).type() == protos::WriteRecord::PURGE_PRIVATE_DATA);

  desk.stub.put_state("after", "1");
  CHECK(desk.peer.last<protos::PutState>(ChaincodeMessage::PUT_STATE).key() == "after");
  desk.stub.finish_write_batch();
  CHECK(desk.peer.asked.size() == 2);
}

TEST_CASE("a batch is cut by the offered size, and is none where it is not offered", "[shim]") {
  Desk desk;
  SECTION("cut") {
    desk.peer.offer.set_use_write_batch(true);
    desk.peer.offer.set_max_size_write_batch(120);
    desk.stub.start_write_batch();
    for (int i = 0; i < 121; ++i) desk.stub.put_state("k", "v");
    desk.stub.finish_write_batch();
    CHECK(desk.peer.asked.size() == 2);
    CHECK(desk.peer.last<protos::WriteBatchState>(ChaincodeMessage::WRITE_BATCH_STATE).rec_size() ==
          1);
  }
  SECTION("not offered") {
    desk.stub.start_write_batch();
    desk.stub.put_state("k", "v");
    CHECK(desk.peer.asked.size() == 1);
  }
}

TEST_CASE("a key's policy is one entry of its metadata", "[shim]") {
  Desk desk;
  protos::StateMetadataResult result;
  result.add_entries()->set_metakey("OTHER");
  auto* entry = result.add_entries();
  entry->set_metakey("VALIDATION_PARAMETER");
  entry->set_value("policy");
  desk.peer.answers = {result.SerializeAsString()};
  CHECK(desk.stub.get_state_validation_parameter("k") == "policy");
  CHECK(desk.stub.get_private_data_validation_parameter("c", "k").empty());
  desk.stub.set_private_data_validation_parameter("c", "k", "new");
  const auto put = desk.peer.last<protos::PutStateMetadata>(ChaincodeMessage::PUT_STATE_METADATA);
  CHECK(put.collection() == "c");
  CHECK(put.metadata().value() == "new");
}

TEST_CASE("a rich query has pages, and a history its changes", "[shim]") {
  Desk desk;
  queryresult::KV kv;
  kv.set_key("a");
  protos::QueryResponse response;
  response.add_results()->set_resultbytes(kv.SerializeAsString());
  protos::QueryResponseMetadata metadata;
  metadata.set_bookmark("next");
  response.set_metadata(metadata.SerializeAsString());
  desk.peer.answers = {response.SerializeAsString()};
  auto page = desk.stub.get_query_result_with_pagination("{}", 1, "here");
  const auto asked = desk.peer.last<protos::GetQueryResult>(ChaincodeMessage::GET_QUERY_RESULT);
  protos::QueryMetadata paging;
  REQUIRE(paging.ParseFromString(asked.metadata()));
  CHECK(paging.pagesize() == 1);
  CHECK(paging.bookmark() == "here");
  CHECK(page.bookmark == "next");
  CHECK(page.results.next()->key == "a");

  queryresult::KeyModification change;
  change.set_tx_id("4f9c");
  change.set_is_delete(true);
  change.mutable_timestamp()->set_seconds(7);
  protos::QueryResponse changes;
  changes.add_results()->set_resultbytes(change.SerializeAsString());
  desk.peer.answers = {changes.SerializeAsString()};
  auto history = desk.stub.get_history_for_key("a");
  const auto first = history.next();
  REQUIRE(first.has_value());
  CHECK(first->tx_id == "4f9c");
  CHECK(first->is_delete);
  CHECK(first->timestamp.time_since_epoch() == std::chrono::seconds(7));
  CHECK_FALSE(history.next());
}

TEST_CASE("a called chaincode's answer comes whole, and its failure as status 500", "[shim]") {
  Desk desk;
  protos::Response answer;
  answer.set_status(404);
  answer.set_message("not here");
  answer.set_payload("p");
  desk.peer.answers = {callee(ChaincodeMessage::COMPLETED, answer.SerializeAsString()),
                       callee(ChaincodeMessage::ERROR, "it broke"), "\xff"};
  const std::vector<std::string> args = {"g", "x"};
  const auto first = desk.stub.invoke_chaincode("other", args, "second");
  const auto spec = desk.peer.last<protos::ChaincodeSpec>(ChaincodeMessage::INVOKE_CHAINCODE);
  CHECK(spec.chaincode_id().name() == "other/second");
  CHECK(spec.input().args(1) == "x");
  CHECK(first.status == 404);
  CHECK(first.message + first.payload == "not herep");
  const auto failed = desk.stub.invoke_chaincode("other", args);
  CHECK(failed.status == 500);
  CHECK(failed.message == "it broke");
  CHECK_THROWS_AS(desk.stub.invoke_chaincode("other", args), Error);
}
