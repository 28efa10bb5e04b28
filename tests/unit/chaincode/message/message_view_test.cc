#include "service/chaincode/message/message_view.h"

#include <catch2/catch.hpp>
#include <random>
#include <span>
#include <string>

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

const MessageView* read(MessageReader& reader, const std::string& bytes) {
  return reader.read(std::as_bytes(std::span(bytes))).value_or(nullptr);
}

Message get_state() {
  Message message;
  message.set_type(Message::GET_STATE);
  message.set_payload("\n\x05key\xff\x01", 7);
  message.set_txid("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
  message.set_channel_id("mychannel");
  return message;
}

Message completed() {
  Message message = get_state();
  message.set_type(Message::COMPLETED);
  message.mutable_chaincode_event()->set_event_name("happened");
  message.mutable_chaincode_event()->set_payload("payload");
  return message;
}

Message transaction() {
  Message message = get_state();
  message.set_type(Message::TRANSACTION);
  message.mutable_proposal()->set_proposal_bytes(std::string(300, 'p'));
  message.mutable_proposal()->set_signature("s");
  return message;
}

// Checks that the view equals what protobuf parses, and is null if protobuf cannot parse the bytes.
void check_same(const std::string& bytes) {
  MessageReader reader;
  const MessageView* view = read(reader, bytes);
  Message expected;
  const bool is_message = expected.ParseFromString(bytes);
  REQUIRE((view != nullptr) == is_message);
  if (!is_message) return;
  CHECK(view->type == expected.type());
  CHECK(view->payload == expected.payload());
  CHECK(view->txid == expected.txid());
  CHECK(view->channel_id == expected.channel_id());
  REQUIRE((view->proposal != nullptr) == expected.has_proposal());
  REQUIRE((view->chaincode_event != nullptr) == expected.has_chaincode_event());
  if (view->proposal != nullptr) {
    CHECK(view->proposal->SerializeAsString() == expected.proposal().SerializeAsString());
  }
  if (view->chaincode_event != nullptr) {
    CHECK(view->chaincode_event->SerializeAsString() ==
          expected.chaincode_event().SerializeAsString());
  }
}

}  // namespace

TEST_CASE("a message is encoded as protobuf encodes it") {
  Message with_empty_proposal;
  static_cast<void>(with_empty_proposal.mutable_proposal());
  Message large;
  large.set_payload(std::string(70'000, 'x'));
  for (const Message& message :
       {Message(), get_state(), completed(), transaction(), with_empty_proposal, large}) {
    CHECK(encode(view_of(message)) == message.SerializeAsString());
  }
}

TEST_CASE("a frequent message is read without a copy") {
  const std::string bytes = get_state().SerializeAsString();
  MessageReader reader;
  const MessageView* view = read(reader, bytes);
  REQUIRE(view != nullptr);
  CHECK(view->txid.data() > bytes.data());
  CHECK(view->txid.data() < bytes.data() + bytes.size());
}

TEST_CASE("fields of one message do not remain in the next") {
  MessageReader reader;
  REQUIRE(read(reader, completed().SerializeAsString())->chaincode_event != nullptr);
  const std::string bytes = "\x08\x12";
  const MessageView* view = read(reader, bytes);
  CHECK(view->type == Message::KEEPALIVE);
  CHECK(view->chaincode_event == nullptr);
  CHECK(view->txid.empty());
}

TEST_CASE("unusual encodings are read as protobuf reads them") {
  using namespace std::string_literals;
  check_same("");
  check_same("\x08\x08\x08\x09"s);          // A number twice: the last one counts.
  check_same("\x22\x01\x61\x22\x01\x62"s);  // A text twice: the last one counts.
  check_same("\x08\x88\x00"s);              // A number that is longer than needed.
  check_same("\x88\x00\x08"s);              // A tag that is longer than needed.
  check_same("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s);  // -1.
  check_same("\x08\xc8\x01"s);                                  // An unknown type.
  check_same("\x22\x02\xc3\xa9"s);                              // Text that is not ASCII.
  check_same("\x22\x01\xff"s);                                  // Text that is not UTF-8.
  check_same("\x1a\x01\xff"s);                                  // Bytes may be anything.
  check_same("\x1a\x05\x61"s);                                  // Cut off.
  check_same("\x1a\xff\xff\xff\xff\x0f"s);                      // Longer than there can be.
  check_same("\x0a\x01\x61"s);                                  // The type's number with a text.
  check_same("\x18\x07"s);                                      // The payload's with a number.
  check_same("\x00\x00"s);                                      // No field has number 0.
  check_same("\x12\x02\x08\x01"s);                              // A timestamp,
  check_same("\x12\x01\xff"s);                                  // and a broken one.
  check_same("\x32\x01\xff"s);                                  // A broken event.
  check_same("\x42\x01\x61"s);                                  // A field of the future.
  check_same("\x0b\x0c"s);                                      // A group.
  check_same("\x1d\x00\x00\x00\x00"s);                          // A fixed number.
}

TEST_CASE("damaged messages are read as protobuf reads them") {
  std::mt19937 random(20261125);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (const Message& message : {get_state(), completed(), transaction()}) {
    const std::string sound = message.SerializeAsString();
    for (int round = 0; round < 3'000; ++round) {
      std::string bytes = sound.substr(0, 1 + below(sound.size()));
      for (std::size_t count = below(4); count > 0; --count) {
        bytes[below(bytes.size())] = static_cast<char>(below(256));
      }
      check_same(bytes);
    }
  }
}

}  // namespace ccbus::chaincode
