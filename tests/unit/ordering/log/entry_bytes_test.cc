#include "service/ordering/log/entry_bytes.h"

#include <catch2/catch.hpp>
#include <string>
#include <variant>

#include "ccbus/log.pb.h"

namespace ccbus::ordering {
namespace {

using Catch::Matchers::Contains;

const LogIdentity kLog{ChannelId{"ch1"}, std::string(16, 'g')};

Entry bundle() {
  OrderedEnvelope public_one{TxId{"tx1"}, "envelope 1"};
  OrderedEnvelope private_one{TxId{"tx2"}, std::string("\0binary", 7), "private"};
  return {{"replica1", 7, 3}, Bundle{{public_one, private_one}}};
}

template <class Content>
Content read_back(Content content) {
  const auto read = decode_entry(encode_entry({{"r", 2, 1}, std::move(content)}, kLog), kLog);
  REQUIRE(read);
  const Entry& entry = std::get<Entry>(*read);
  CHECK(entry.id == EntryId{"r", 2, 1});
  return std::get<Content>(entry.content);
}

// The bytes of an entry that another version has written.
template <class Change>
std::string changed(const Change& change) {
  const std::string bytes = encode_entry(bundle(), kLog);
  LogEntry entry;
  REQUIRE(entry.ParseFromString(bytes.substr(8)));
  change(entry);
  return bytes.substr(0, 8) + entry.SerializeAsString();
}

std::string refusal_of(const std::string& bytes, ErrorCode code = ErrorCode::kPrecondition) {
  const auto read = decode_entry(bytes, kLog);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == code);
  return read.error().message;
}

TEST_CASE("a bundle is read as it was written", "[ordering][issue-18]") {
  const auto read = decode_entry(encode_entry(bundle(), kLog), kLog);
  REQUIRE(read);
  const Entry& entry = std::get<Entry>(*read);
  CHECK(entry.id == EntryId{"replica1", 7, 3});
  const auto& envelopes = std::get<Bundle>(entry.content).envelopes;
  REQUIRE(envelopes.size() == 2);
  CHECK(envelopes[0].tx_id == TxId{"tx1"});
  CHECK(envelopes[0].bytes == "envelope 1");
  CHECK(envelopes[0].private_data.empty());
  CHECK(envelopes[1].bytes == std::string("\0binary", 7));
  CHECK(envelopes[1].private_data == "private");
}

TEST_CASE("every other kind is read as it was written", "[ordering][issue-18]") {
  const auto join = read_back(Join{"nonce", {"tcp://a:7051", "tcp://a:7053"}});
  CHECK(join.nonce == "nonce");
  CHECK(join.addresses == std::vector<std::string>{"tcp://a:7051", "tcp://a:7053"});
  read_back(Leave{});
  read_back(Barrier{});
  CHECK(read_back(LowWater{99}).position == 99);
  const auto checkpoint = read_back(Checkpoint{5, "chain", "state"});
  CHECK(checkpoint.height == 5);
  CHECK(checkpoint.chain_hash == "chain");
  CHECK(checkpoint.state_hash == "state");
  CHECK(read_back(Genesis{kLog.generation, {6, "chain", "state"}}).start.height == 6);
}

TEST_CASE("what somebody else has written is passed over", "[ordering][issue-18]") {
  for (const std::string bytes : {"", "ccbuslo", "{\"json\":1}", "Ccbuslog and more"}) {
    const auto read = decode_entry(bytes, kLog);
    REQUIRE(read);
    CHECK(std::holds_alternative<ForeignBytes>(*read));
  }
}

TEST_CASE("what this version does not know stops the replica, by name", "[ordering][issue-18]") {
  CHECK_THAT(refusal_of(changed([](LogEntry& entry) { entry.set_format(2); })),
             Contains("has format 2, and the newest that is known here is 1"));
  CHECK_THAT(refusal_of(changed([](LogEntry& entry) { entry.set_capability(9); })),
             Contains("has capability 9, and the newest that is known here is 1"));
  CHECK_THAT(refusal_of(changed([](LogEntry& entry) { entry.clear_entry(); })),
             Contains("is of a kind that is not known here"));
  CHECK_THAT(refusal_of(changed([](LogEntry& entry) { entry.set_channel_id("ch2"); })),
             Contains("is of channel 'ch2', not of 'ch1'"));
  CHECK_THAT(refusal_of(changed([](LogEntry& entry) { entry.set_generation("other"); })),
             Contains("is of generation 6f74686572") && Contains("ccbus log reseed"));
}

TEST_CASE("an entry that is damaged is no foreign one", "[ordering][issue-18]") {
  const std::string bytes = encode_entry(bundle(), kLog);
  refusal_of(bytes.substr(0, bytes.size() - 1), ErrorCode::kCorrupt);
  refusal_of(changed([](LogEntry& entry) { entry.mutable_bundle()->clear_envelopes(); }),
             ErrorCode::kCorrupt);
}

TEST_CASE("a log whose generation is not known is read from its Genesis on",
          "[ordering][issue-18]") {
  LogIdentity log{ChannelId{"ch1"}, ""};
  const Entry genesis{{"a", 0, 0}, Genesis{std::string(16, 'g')}};
  const Entry join{{"a", 0, 0}, Join{"nonce"}};
  const auto early = decode_entry(encode_entry(join, kLog), log);
  REQUIRE_FALSE(early);
  CHECK(early.error().message ==
        "an entry of the log comes before its Genesis: the log was not begun by a replica, or was "
        "trimmed");
  auto first = decode_entry(encode_entry(genesis, log), log);
  REQUIRE(first);
  learn_generation(*first, log);
  CHECK(log.generation == kLog.generation);
  CHECK(decode_entry(encode_entry(join, kLog), log));
  // Another replica has found the log empty at the same time.
  const Entry late{{"b", 0, 0}, Genesis{std::string(16, 'x')}};
  const auto foreign = decode_entry(encode_entry(late, log), log);
  REQUIRE(foreign);
  CHECK(std::holds_alternative<ForeignBytes>(*foreign));
  learn_generation(*foreign, log);
  CHECK(log.generation == kLog.generation);
}

}  // namespace
}  // namespace ccbus::ordering
