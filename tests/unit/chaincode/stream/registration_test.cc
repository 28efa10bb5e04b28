#include <catch2/catch.hpp>

#include "service/chaincode/message/chaincode_name.h"
#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using chaincode::ChaincodeName;
using chaincode::Duplicates;
using chaincode::Options;
using chaincode::Outcome;
using chaincode::State;
using Type = ChaincodeMessage::Type;

TEST_CASE("a valid REGISTER is answered by REGISTERED and READY, both without ids",
          "[chaincode][row-12][row-13][row-14][row-15]") {
  Options options;
  options.additional_params.set_max_size_write_batch(1000);
  ChaincodeRig rig(options);
  auto shim = rig.connect();
  ChaincodeMessage hello = register_as("basic:1.0");
  hello.set_txid("ignored");
  hello.set_channel_id("ignored");
  shim.sends(hello);
  REQUIRE(shim.types() == std::vector<Type>{ChaincodeMessage::REGISTERED, ChaincodeMessage::READY});
  CHECK(shim.received()[0].ByteSizeLong() == 2);  // The type alone.
  protos::ChaincodeAdditionalParams offered;
  REQUIRE(offered.ParseFromString(shim.received()[1].payload()));
  CHECK(offered.max_size_write_batch() == 1000);
  CHECK_FALSE(offered.use_write_batch());
  CHECK(shim.received()[1].txid().empty());
  CHECK(shim.received()[1].channel_id().empty());
  CHECK(rig.state("basic") == State::kReady);
  const std::string log = rig.log();
  CHECK_THAT(log, Contains("handler.ready handler=1") && Contains("ccid=basic:1.0"));
  CHECK(log.find("handler.ready") == log.rfind("handler.ready"));
  CHECK(rig.counters().get(Counter::kRegistrationsRefused) == 0);
  rig.invoke("basic", "tx1");
  CHECK(shim.last().type() == ChaincodeMessage::TRANSACTION);
}

TEST_CASE("names are split at the first slash and the first colon", "[chaincode][row-25]") {
  const auto check = [](const char* text, const char* name, const char* version,
                        const char* channel) {
    const auto parts = ChaincodeName::parse(text);
    CHECK(parts.name == name);
    CHECK(parts.version == version);
    CHECK(parts.channel == channel);
  };
  check("name", "name", "", "");
  check("name:version", "name", "version", "");
  check("name/channel-id", "name", "", "channel-id");
  check("name:version/channel-id", "name", "version", "channel-id");
  check("a:b:c/d/e", "a", "b:c", "d/e");
}

TEST_CASE("a refused registration is answered by ERROR with the reason, and the stream ends",
          "[chaincode][row-19]") {
  struct Case {
    std::string payload;
    std::string reason;
  };
  protos::ChaincodeID empty;
  protos::ChaincodeID strange;
  strange.set_name("a b");
  protos::ChaincodeID nameless;
  nameless.set_name(":1.0");
  protos::ChaincodeID too_long;
  too_long.set_name(std::string(256, 'x'));
  const std::string invalid_utf8 = std::string("\x12\x02\xff\xfe", 4);  // Field 2, two bad bytes.
  const std::vector<Case> cases = {
      {empty.SerializeAsString(), "chaincodeID name is empty"},
      {strange.SerializeAsString(), "invalid chaincode name 'a b'"},
      {nameless.SerializeAsString(), "invalid chaincode name ''"},
      {too_long.SerializeAsString(), "256 bytes exceeds the limit of 255"},
      {"bogus payload", "could NOT unmarshal registration info"},
      {invalid_utf8, "could NOT unmarshal registration info"},
  };
  for (const auto& [payload, reason] : cases) {
    ChaincodeRig rig;
    auto shim = rig.connect();
    shim.sends(message(ChaincodeMessage::REGISTER, "", payload));
    REQUIRE(shim.types() == std::vector<Type>{ChaincodeMessage::ERROR});
    CHECK_THAT(shim.last().payload(), Contains(reason));
    CHECK(shim.was_ended());
    CHECK(rig.counters().get(Counter::kRegistrationsRefused) == 1);
    CHECK(rig.engine().report(rig.now()).empty());
  }
}

TEST_CASE("a REGISTERED that cannot be sent leaves no READY and no handler",
          "[chaincode][row-18]") {
  ChaincodeRig rig;
  rig.outbox().break_sends("gone");
  rig.ready_shim("basic");
  CHECK(rig.outbox().attempts == 1);
  CHECK(rig.engine().report(rig.now()).empty());
}

TEST_CASE("a message of an unregistered peer is answered by the empty frame",
          "[chaincode][row-22]") {
  ChaincodeRig rig;
  auto shim = rig.connect();
  shim.sends(get_state("tx1", "k"));
  shim.sends(message(ChaincodeMessage::KEEPALIVE));
  CHECK(shim.received().empty());
  CHECK(rig.outbox().ends[shim.peer()] == 2);
  CHECK(rig.counters().get(Counter::kUnregisteredRejected) == 2);
}

TEST_CASE("messages that a process sends before it registers are not handled",
          "[chaincode][row-6][row-22]") {
  const auto [type, name] =
      GENERATE(table<int, std::string>({{9999, "9999"},
                                        {ChaincodeMessage::GET_STATE, "GET_STATE"},
                                        {ChaincodeMessage::COMPLETED, "COMPLETED"},
                                        {ChaincodeMessage::ERROR, "ERROR"}}));
  ChaincodeRig rig;
  auto shim = rig.connect();
  shim.sends(message(static_cast<Type>(type), "tx-id"));
  CHECK(shim.received().empty());
  CHECK(shim.was_ended());
  CHECK_THAT(rig.log(), Contains("[tx-id] Fabric side handler cannot handle message (" + name +
                                 ") while in created state"));
}

TEST_CASE("messages that ready does not allow end the stream", "[chaincode][row-20][row-21]") {
  const auto type =
      GENERATE(ChaincodeMessage::REGISTER, ChaincodeMessage::RESPONSE, ChaincodeMessage::INIT,
               ChaincodeMessage::TRANSACTION, ChaincodeMessage::READY, ChaincodeMessage::REGISTERED,
               ChaincodeMessage::UNDEFINED);
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  shim.sends(message(type, "tx-id"));
  CHECK(shim.was_ended());
  CHECK_FALSE(rig.state("basic").has_value());
  CHECK_THAT(rig.log(),
             Contains("error handling message, ending stream: [tx-id] Fabric side handler cannot "
                      "handle message (" +
                      ChaincodeMessage::Type_Name(type) + ") while in ready state"));
}

TEST_CASE("an unknown type prints as its number and ends the stream", "[chaincode][row-6]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  shim.sends(message(static_cast<Type>(9999), "tx-id"));
  CHECK(shim.was_ended());
  CHECK_THAT(rig.log(), Contains("cannot handle message (9999) while in ready state"));
}

TEST_CASE("undecodable bytes end their stream with the reason, and no other stream",
          "[chaincode]") {
  ChaincodeRig rig;
  rig.ready_shim("good");
  auto bad = rig.ready_shim("bad");
  auto stranger = rig.connect();
  bad.sends_bytes("\xff\xff\xff");
  stranger.sends_bytes("\xff\xff\xff");
  CHECK(bad.last().type() == ChaincodeMessage::ERROR);
  CHECK_THAT(bad.last().payload(), Contains("not a protos.ChaincodeMessage (3 bytes)"));
  CHECK(bad.was_ended());
  CHECK(stranger.last().type() == ChaincodeMessage::ERROR);
  CHECK(stranger.was_ended());
  CHECK(rig.state("good") == State::kReady);
}

TEST_CASE("a message above the limit is refused with its size and the limit", "[chaincode]") {
  Options options;
  options.message_bytes_max = 1000;
  ChaincodeRig rig(options);
  auto shim = rig.ready_shim("basic");
  shim.sends_bytes(std::string(1001, 'x'));
  CHECK_THAT(shim.last().payload(), Contains("1001 bytes exceeds the limit of 1000"));
  CHECK(shim.was_ended());
}

TEST_CASE("processes of one name form a pool; the one with the fewest transactions is picked",
          "[chaincode]") {
  ChaincodeRig rig;
  auto one = rig.ready_shim("basic:1.0");
  auto two = rig.ready_shim("basic:1.1");
  rig.invoke("basic", "tx1");
  rig.invoke("basic", "tx2");
  rig.invoke("basic", "tx3");
  CHECK(one.received().size() + two.received().size() == 2 * 2 + 3);
  CHECK(one.received().size() == 4);
  CHECK(two.received().size() == 3);
  one.sends(completed("tx1"));
  one.sends(completed("tx3"));
  rig.invoke("basic", "tx4");
  CHECK(one.last().txid() == "tx4");
}

TEST_CASE("a pool goes on with the members that are left", "[chaincode]") {
  ChaincodeRig rig;
  auto one = rig.ready_shim("basic");
  auto two = rig.ready_shim("basic");
  const auto& lost = rig.invoke("basic", "tx1");
  one.disappears();
  CHECK(lost.outcomes() == std::vector{Outcome::kStreamTerminated});
  rig.invoke("basic", "tx2");
  CHECK(two.last().txid() == "tx2");
}

TEST_CASE("a refused duplicate leaves the original alone", "[chaincode][row-17][row-36][row-39]") {
  Options options;
  options.duplicates = Duplicates::kReject;
  ChaincodeRig rig(options);
  auto original = rig.ready_shim("basic");
  auto duplicate = rig.ready_shim("basic");
  CHECK(duplicate.last().payload() == "duplicate chaincodeID: basic");
  CHECK(duplicate.was_ended());
  duplicate.disappears();
  CHECK(rig.state("basic") == State::kReady);
  rig.invoke("basic", "tx1");
  CHECK(original.last().type() == ChaincodeMessage::TRANSACTION);
}

TEST_CASE("a process that comes back registers again and is used", "[chaincode]") {
  ChaincodeRig rig;
  auto before = rig.ready_shim("basic");
  before.disappears();
  CHECK(rig.invoke("basic", "tx1").outcomes() == std::vector{Outcome::kNotConnected});
  auto after = rig.ready_shim("basic");
  const auto& call = rig.invoke("basic", "tx2");
  after.sends(completed("tx2"));
  CHECK(call.outcomes() == std::vector{Outcome::kCompleted});
}

}  // namespace
}  // namespace ccbus::test
