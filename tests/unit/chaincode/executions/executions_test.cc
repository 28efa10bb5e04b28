#include <catch2/catch.hpp>

#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using chaincode::Options;
using chaincode::Outcome;

TEST_CASE("a transaction is sent once, with its proposal, and its answer is returned",
          "[chaincode][row-112]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto& call = rig.invoke("basic", "tx1");
  REQUIRE(shim.received().size() == 3);
  CHECK(shim.last().type() == ChaincodeMessage::TRANSACTION);
  CHECK(shim.last().txid() == "tx1");
  CHECK(shim.last().channel_id() == "ch1");
  CHECK(shim.last().proposal().proposal_bytes() == "proposal of tx1");
  shim.sends(completed("tx1", 200, "result"));
  REQUIRE(call.outcomes() == std::vector{Outcome::kCompleted});
  CHECK(call.results[0].response.payload() == "result");
  CHECK(rig.engine().next_deadline() == std::nullopt);
}

TEST_CASE("an init is sent as INIT", "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  rig.invoke("basic", "tx1", true);
  CHECK(shim.last().type() == ChaincodeMessage::INIT);
}

TEST_CASE("the ids of an event are set by the service, not by the chaincode", "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto& call = rig.invoke("basic", "tx1");
  auto answer = completed("tx1");
  answer.mutable_chaincode_event()->set_event_name("sold");
  answer.mutable_chaincode_event()->set_chaincode_id("somebody else");
  answer.mutable_chaincode_event()->set_tx_id("another");
  shim.sends(answer);
  REQUIRE(call.results.size() == 1);
  REQUIRE(call.results[0].event.has_value());
  CHECK(call.results[0].event->chaincode_id() == "basic");
  CHECK(call.results[0].event->tx_id() == "tx1");
  CHECK(call.results[0].event->event_name() == "sold");
}

TEST_CASE("the same transaction twice: the second is refused, the first goes on",
          "[chaincode][row-46][row-114]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto& first = rig.invoke("basic", "tx1");
  const auto& second = rig.invoke("basic", "tx1");
  REQUIRE(second.outcomes() == std::vector{Outcome::kExists});
  CHECK(second.error() == "txid: tx1(ch1) exists");
  CHECK(first.outcomes().empty());
  CHECK(shim.received().size() == 3);
  shim.sends(completed("tx1"));
  CHECK(first.outcomes() == std::vector{Outcome::kCompleted});
}

TEST_CASE("a late PUT_STATE after the deadline is refused, and the caller gets one answer",
          "[chaincode][row-116]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic:1.0");
  const auto& call = rig.invoke("basic", "tx1");
  rig.advance(15s);
  shim.sends(get_state("tx1", "k"));
  CHECK(call.outcomes().empty());  // Half of the time has passed: nothing yet.
  rig.advance(15s);
  REQUIRE(call.outcomes() == std::vector{Outcome::kDeadline});
  shim.sends(put_state("tx1", "k", "v"));
  CHECK(shim.last().type() == ChaincodeMessage::ERROR);
  CHECK(shim.last().payload() == "PUT_STATE failed: transaction ID: tx1: no ledger context");
  shim.sends(completed("tx1"));
  CHECK(call.outcomes().size() == 1);
  CHECK(rig.counters().get(Counter::kLateMessages) == 1);
  CHECK(rig.counters().get(Counter::kExecuteTimeouts) == 1);
  CHECK_THAT(rig.log(), Contains("tx.deadline") && Contains("ccid=basic:1.0"));
}

TEST_CASE("the error of a deadline names limit, value, chaincode, transaction and phase",
          "[chaincode]") {
  Options options;
  options.execute_timeout = 1500ms;
  ChaincodeRig rig(options);
  auto shim = rig.ready_shim("basic:1.0");
  const auto& idle = rig.invoke("basic", "tx1");
  const auto& busy = rig.invoke("basic", "tx2");
  shim.sends(get_state("tx2", "k"));
  rig.advance(1500ms);
  CHECK_THAT(idle.error(), Contains("timeout expired while executing transaction"));
  CHECK_THAT(idle.error(), Contains("chaincode.executetimeout 1500ms"));
  CHECK_THAT(idle.error(), Contains("chaincode basic:1.0") && Contains("transaction tx1") &&
                               Contains("channel ch1"));
  CHECK_THAT(idle.error(), Contains("it has asked for nothing"));
  CHECK_THAT(idle.error(), Contains("still connected, last heard 1500ms ago"));
  CHECK_THAT(busy.error(), Contains("its last of 1 requests was GET_STATE, answered"));
}

TEST_CASE("a COMPLETED with a wrong txid is ignored; its caller times out",
          "[chaincode][row-68][row-118]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto& call = rig.invoke("basic", "tx1");
  shim.sends(completed("tx2"));
  shim.sends(message(ChaincodeMessage::ERROR, "tx2", "not mine"));
  CHECK(call.outcomes().empty());
  CHECK(shim.received().size() == 3);
  CHECK(rig.state("basic").has_value());
  rig.advance(30s);
  CHECK(call.outcomes() == std::vector{Outcome::kDeadline});
}

TEST_CASE("a COMPLETED without a valid Response fails its transaction only", "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto& call = rig.invoke("basic", "tx1");
  shim.sends(message(ChaincodeMessage::COMPLETED, "tx1", "\xff\xff"));
  REQUIRE(call.outcomes() == std::vector{Outcome::kFailed});
  CHECK_THAT(call.error(), Contains("failed to unmarshal response for transaction tx1"));
  CHECK(rig.state("basic").has_value());
}

TEST_CASE("a COMPLETED without payload is a response of status 0", "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto& call = rig.invoke("basic", "tx1");
  shim.sends(message(ChaincodeMessage::COMPLETED, "tx1"));
  REQUIRE(call.outcomes() == std::vector{Outcome::kCompleted});
  CHECK(call.results[0].response.status() == 0);
}

TEST_CASE("one process cannot answer for another's transaction", "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  auto intruder = rig.ready_shim("intruder");
  const auto& call = rig.invoke("basic", "tx1");
  intruder.sends(completed("tx1", 200, "forged"));
  intruder.sends(put_state("tx1", "k", "forged"));
  CHECK(call.outcomes().empty());
  CHECK(intruder.last().payload() == "PUT_STATE failed: transaction ID: tx1: no ledger context");
  shim.sends(completed("tx1"));
  auto rwset = call.results[0].simulator->results();
  REQUIRE(rwset.has_value());
  CHECK(rwset->public_data.ns_rwset_size() == 0);
}

TEST_CASE("a chaincode that is not connected is named in the error", "[chaincode]") {
  ChaincodeRig rig;
  const auto& call = rig.invoke("basic", "tx1");
  REQUIRE(call.outcomes() == std::vector{Outcome::kNotConnected});
  CHECK(call.error() == "chaincode basic is not connected");
}

TEST_CASE("open transactions are limited, and the refusal names the limit", "[chaincode]") {
  Options options;
  options.transactions_per_handler = 2;
  ChaincodeRig rig(options);
  auto shim = rig.ready_shim("basic");
  rig.invoke("basic", "tx1");
  rig.invoke("basic", "tx2");
  const auto& third = rig.invoke("basic", "tx3");
  REQUIRE(third.outcomes() == std::vector{Outcome::kExhausted});
  CHECK_THAT(third.error(), Contains("2 open transactions, which is the limit"));
  shim.sends(completed("tx1"));
  CHECK(rig.invoke("basic", "tx4").outcomes().empty());
}

TEST_CASE("transactions of one process run side by side", "[chaincode][row-66]") {
  ChaincodeRig rig;
  rig.write("basic", "k", "v");
  auto shim = rig.ready_shim("basic");
  const auto& one = rig.invoke("basic", "tx1");
  const auto& two = rig.invoke("basic", "tx2");
  shim.sends(get_state("tx2", "k"));
  CHECK(shim.last().txid() == "tx2");
  shim.sends(get_state("tx1", "k"));
  CHECK(shim.last().txid() == "tx1");
  shim.sends(completed("tx2"));
  CHECK(two.outcomes().size() == 1);
  CHECK(one.outcomes().empty());
}

}  // namespace
}  // namespace ccbus::test
