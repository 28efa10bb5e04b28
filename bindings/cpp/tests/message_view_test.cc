#include "bindings/cpp/src/shim/message_view.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

using ccbus::shim::MessageView;
using ccbus::shim::view_message;
using protos::ChaincodeMessage;

namespace {

ChaincodeMessage reply() {
  ChaincodeMessage message;
  message.set_type(ChaincodeMessage::RESPONSE);
  message.set_payload(std::string(300, 'p'));
  message.set_txid("tx-1");
  message.set_channel_id("channel-1");
  return message;
}

// Whether the two say the same about these bytes, if the view says anything.
bool view_agrees(const std::string& bytes) {
  const auto view = view_message(bytes);
  if (!view) return true;
  ChaincodeMessage message;
  return message.ParseFromString(bytes) && view->type == message.type() &&
         view->payload == message.payload() && view->txid == message.txid() &&
         view->channel_id == message.channel_id() && !message.has_proposal() &&
         !message.has_timestamp() && !message.has_chaincode_event();
}

}  // namespace

TEST_CASE("a reply is viewed where it lies", "[shim]") {
  const std::string bytes = reply().SerializeAsString();
  const auto view = view_message(bytes);
  REQUIRE(view);
  CHECK(view->type == ChaincodeMessage::RESPONSE);
  CHECK(view->payload == std::string(300, 'p'));
  CHECK(view->txid == "tx-1");
  CHECK(view->channel_id == "channel-1");
}

TEST_CASE("a message with other fields is left to protobuf", "[shim]") {
  ChaincodeMessage message = reply();
  SECTION("a proposal") {
    message.mutable_proposal();
  }
  SECTION("an event") {
    message.mutable_chaincode_event();
  }
  SECTION("a timestamp") {
    message.mutable_timestamp();
  }
  CHECK_FALSE(view_message(message.SerializeAsString()));
}

TEST_CASE("what is viewed of a damaged message is what protobuf reads", "[shim]") {
  const std::string bytes = reply().SerializeAsString();
  for (std::size_t size = 0; size <= bytes.size(); ++size)
    REQUIRE(view_agrees(bytes.substr(0, size)));

  std::mt19937 random(1);
  int viewed = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = bytes;
    // Seven bits, so that texts stay UTF-8, which only protobuf looks at.
    damaged[random() % damaged.size()] = static_cast<char>(random() % 128);
    REQUIRE(view_agrees(damaged));
    viewed += view_message(damaged).has_value() ? 1 : 0;
  }
  CHECK(viewed > 1'000);
  CHECK(viewed < 20'000);
}
