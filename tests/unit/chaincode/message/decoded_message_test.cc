#include "service/chaincode/message/decoded_message.h"

#include <catch2/catch.hpp>
#include <string>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/base/parse_message.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

std::string encoded(Message::Type type, const std::string& payload) {
  Message message;
  message.set_type(type);
  message.set_payload(payload);
  message.set_txid("tx");
  message.set_channel_id("mychannel");
  return message.SerializeAsString();
}

}  // namespace

TEST_CASE("a message that was decoded apart says the same as one that is read in place",
          "[chaincode]") {
  protos::Response response;
  response.set_status(200);
  response.set_payload(std::string(100'000, 'r'));
  const std::string frame = encoded(Message::COMPLETED, response.SerializeAsString());
  const auto message = DecodedMessage::decode(frame);
  REQUIRE(message);
  const MessageView& view = (*message)->view();
  CHECK(view.type == Message::COMPLETED);
  CHECK(view.txid == "tx");
  CHECK(view.channel_id == "mychannel");
  CHECK(view.payload == response.SerializeAsString());
  REQUIRE(view.decoded != nullptr);
  protos::Response taken;
  REQUIRE(take_payload(view, taken, kDecodedOverheadMax));
  CHECK(taken.SerializeAsString() == response.SerializeAsString());
}

TEST_CASE("a payload that was not decoded, or as something else, is decoded when it is taken",
          "[chaincode]") {
  protos::ChaincodeSpec spec;
  spec.mutable_input()->add_args("f");
  const std::string payload = spec.SerializeAsString();
  const std::string frame = encoded(Message::PUT_STATE, payload);
  const auto message = DecodedMessage::decode(frame);
  REQUIRE(message);
  protos::ChaincodeSpec taken;
  REQUIRE(take_payload((*message)->view(), taken, kDecodedOverheadMax));
  CHECK(taken.input().args(0) == "f");
  protos::ChaincodeSpec again;
  REQUIRE(take_payload({.payload = payload}, again, kDecodedOverheadMax));
  CHECK(again.input().args(0) == "f");
}

TEST_CASE("what is wrong with a payload is found once, apart from the bus thread", "[chaincode]") {
  const std::string frame = encoded(Message::COMPLETED, "not a response");
  const auto message = DecodedMessage::decode(frame);
  REQUIRE(message);
  protos::Response taken;
  const auto outcome = take_payload((*message)->view(), taken, kDecodedOverheadMax);
  REQUIRE(!outcome);
  CHECK(outcome.error().code == ErrorCode::kInvalid);
  CHECK(!DecodedMessage::decode("not a message"));
}

}  // namespace ccbus::chaincode
