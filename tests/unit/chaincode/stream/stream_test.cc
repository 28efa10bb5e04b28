// The branches of the seed's loop, with at least one test for each.
#include <catch2/catch.hpp>

#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using chaincode::Event;
using chaincode::NextState;
using chaincode::Options;
using chaincode::Outcome;
using chaincode::SendToChaincode;
using chaincode::State;
using Type = ChaincodeMessage::Type;

NextState next(HandlerId handler, ChaincodeMessage::Type type, SendToChaincode send) {
  return {handler, std::make_unique<ChaincodeMessage>(message(type, "tx1", "text")), 0, send};
}

TEST_CASE("send error: a refused TRANSACTION fails its caller at once and ends the stream",
          "[chaincode][row-10][row-115]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  rig.outbox().break_sends("candy");
  const auto& call = rig.invoke("basic", "transaction-1");
  REQUIRE(call.outcomes() == std::vector{Outcome::kSendFailed});
  CHECK(call.error() ==
        "transaction returned with failure: [transact] error sending TRANSACTION: candy");
  CHECK_FALSE(rig.state("basic").has_value());
  CHECK_THAT(rig.log(), Contains("received error while sending message, ending chaincode support "
                                 "stream: [transact] error sending TRANSACTION: candy"));
  shim.sends(get_state("transaction-1", "k"));  // The peer is not registered any more.
  CHECK(rig.counters().get(Counter::kUnregisteredRejected) == 1);
}

TEST_CASE("send error: a refused reply ends the stream, too", "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto& call = rig.invoke("basic", "tx1");
  rig.outbox().break_sends("candy");
  shim.sends(get_state("tx1", "k"));
  CHECK(call.outcomes() == std::vector{Outcome::kSendFailed});
  CHECK(call.error() == "transaction returned with failure: [tx1] error sending RESPONSE: candy");
  CHECK_FALSE(rig.state("basic").has_value());
}

TEST_CASE("send error: a KEEPALIVE that cannot be sent ends the stream", "[chaincode][row-11]") {
  Options options;
  options.keepalive = 50ms;
  ChaincodeRig rig(options);
  rig.ready_shim("basic");
  rig.outbox().break_sends("candy");
  rig.advance(50ms);
  CHECK_FALSE(rig.state("basic").has_value());
}

TEST_CASE("end of stream: the transactions of a peer that has left fail at once",
          "[chaincode][row-2][row-3][row-117]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  rig.ready_shim("other");
  const auto& call = rig.invoke("basic", "tx1");
  const auto& unharmed = rig.invoke("other", "tx2");
  rig.advance(29s);
  CHECK(call.outcomes().empty());  // As long as the stream lives.
  shim.disappears();
  REQUIRE(call.outcomes() == std::vector{Outcome::kStreamTerminated});
  CHECK(call.error() == "chaincode stream terminated");
  CHECK(unharmed.outcomes().empty());
  CHECK_FALSE(shim.was_ended());  // The peer has left, so no empty frame is sent.
  CHECK_THAT(rig.log(), Contains("reason=\"received EOF, ending chaincode support stream\""));
}

TEST_CASE("a frame that cannot be read ends the stream with Fabric's words for a failed receive",
          "[chaincode][row-4]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  rig.engine().on_malformed(rig.now(), shim.peer(), "chocolate");
  CHECK(shim.was_ended());
  CHECK_FALSE(rig.state("basic").has_value());
  CHECK_THAT(rig.log(),
             Contains("reason=\"receive from chaincode support stream failed: chocolate\""));
}

TEST_CASE("end of stream: an empty frame ends it and is answered by one", "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto& call = rig.invoke("basic", "tx1");
  shim.sends_nothing();
  CHECK(call.outcomes() == std::vector{Outcome::kStreamTerminated});
  CHECK(shim.was_ended());
  CHECK_FALSE(rig.state("basic").has_value());
}

TEST_CASE("nil message: the stream ends with Fabric's words", "[chaincode][row-5]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  shim.sends_nothing();
  CHECK_FALSE(rig.state("basic").has_value());
  CHECK_THAT(rig.log(), Contains("received nil message, ending chaincode support stream"));
}

TEST_CASE("an empty frame of an unregistered peer is ignored, to prevent an endless exchange",
          "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.connect();
  shim.sends_nothing();
  CHECK_FALSE(shim.was_ended());
  CHECK(rig.outbox().attempts == 0);
}

TEST_CASE("ERROR is logged and handled: it is the transaction's result", "[chaincode][row-67]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto& call = rig.invoke("basic", "tx1");
  shim.sends(message(ChaincodeMessage::ERROR, "tx1", "it broke"));
  REQUIRE(call.outcomes() == std::vector{Outcome::kFailed});
  CHECK(call.error() == "transaction returned with failure: it broke");
  CHECK_THAT(rig.log(), Contains("handler.error_received") && Contains("it broke"));
  CHECK(rig.state("basic") == State::kReady);
}

TEST_CASE("KEEPALIVE never touches the state machine", "[chaincode][row-1]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  for (int i = 0; i < 99; ++i) shim.sends(message(ChaincodeMessage::KEEPALIVE));
  CHECK(rig.state("basic") == State::kReady);
  CHECK(shim.types() == std::vector<Type>{ChaincodeMessage::REGISTERED, ChaincodeMessage::READY});
  CHECK(rig.log().find("KEEPALIVE") == std::string::npos);
  shim.disappears();
  CHECK_FALSE(rig.state("basic").has_value());
}

TEST_CASE("next state: one without a message ends the stream", "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  rig.engine().on_next_state(rig.now(), {rig.handler("basic"), nullptr, 0, SendToChaincode::kNo});
  CHECK_FALSE(rig.state("basic").has_value());
  CHECK(shim.was_ended());
  CHECK_THAT(rig.log(), Contains("next state nil message, ending chaincode support stream"));
}

TEST_CASE("next state: it is handled first and sent after, when it is to be sent", "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto handler = rig.handler("basic");
  rig.engine().on_next_state(rig.now(),
                             next(handler, ChaincodeMessage::RESPONSE, SendToChaincode::kNo));
  CHECK(shim.received().size() == 2);
  rig.engine().on_next_state(rig.now(),
                             next(handler, ChaincodeMessage::RESPONSE, SendToChaincode::kAsync));
  REQUIRE(shim.received().size() == 3);
  CHECK(shim.last().type() == ChaincodeMessage::RESPONSE);
}

TEST_CASE("next state: one that is too large and belongs to no transaction ends the stream",
          "[chaincode]") {
  ChaincodeRig rig;
  const FakeShim shim = rig.ready_shim("basic");
  rig.outbox().break_sends("a message of 9 bytes exceeds the limit of 8",
                           ChaincodeMessage::RESPONSE, ErrorCode::kInvalid);
  rig.engine().on_next_state(
      rig.now(), next(rig.handler("basic"), ChaincodeMessage::RESPONSE, SendToChaincode::kAsync));
  CHECK_FALSE(rig.state("basic").has_value());
  CHECK(shim.was_ended());
}

TEST_CASE("next state: what the state does not allow ends the stream and is not sent",
          "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  rig.engine().on_next_state(
      rig.now(), next(rig.handler("basic"), ChaincodeMessage::READY, SendToChaincode::kSync));
  CHECK(shim.received().size() == 2);
  CHECK(shim.was_ended());
}

TEST_CASE("next state: one for a handler that has ended does nothing", "[chaincode]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  const auto handler = rig.handler("basic");
  shim.disappears();
  rig.engine().on_next_state(rig.now(),
                             next(handler, ChaincodeMessage::RESPONSE, SendToChaincode::kAsync));
  CHECK(shim.received().size() == 2);
}

TEST_CASE("only READY is sent synchronously: its failure is the handler's own error",
          "[chaincode][row-16]") {
  ChaincodeRig rig;
  rig.outbox().break_sends("carrot", ChaincodeMessage::READY);
  auto shim = rig.ready_shim("basic");
  CHECK(shim.types() == std::vector<Type>{ChaincodeMessage::REGISTERED});
  CHECK_FALSE(rig.state("basic").has_value());
  CHECK_THAT(rig.log(), Contains("[] error sending READY: carrot"));
  CHECK(rig.invoke("basic", "tx1").outcomes() == std::vector{Outcome::kNotConnected});
}

TEST_CASE("keepalive: it is sent periodically, also while messages are exchanged",
          "[chaincode][row-7][row-9]") {
  Options options;
  options.keepalive = 50ms;
  ChaincodeRig rig(options);
  auto shim = rig.ready_shim("basic");
  for (int i = 0; i < 20; ++i) {
    rig.advance(25ms);
    shim.sends(get_state("tx", "k"));
  }
  const auto types = shim.types();
  CHECK(std::count(types.begin(), types.end(), ChaincodeMessage::KEEPALIVE) == 10);
  for (const auto& sent : shim.received()) {
    if (sent.type() == ChaincodeMessage::KEEPALIVE) CHECK(sent.ByteSizeLong() == 2);
  }
}

TEST_CASE("keepalive off means never", "[chaincode][row-8]") {
  ChaincodeRig rig;
  auto shim = rig.ready_shim("basic");
  rig.advance(24h);
  CHECK(shim.received().size() == 2);
  CHECK_FALSE(rig.engine().next_deadline().has_value());
}

TEST_CASE("a handler that ends frees its name, its transactions and their iterators",
          "[chaincode][row-37]") {
  Options options;
  options.request_limits.results_per_page = 1;
  ChaincodeRig rig(options);
  for (const char* key : {"a", "b", "c"}) rig.write("basic", key, "v");
  auto shim = rig.ready_shim("basic");
  const std::vector<const Call*> calls = {&rig.invoke("basic", "tx1"), &rig.invoke("basic", "tx2")};
  shim.sends(get_range("tx1", "", ""));
  shim.sends(get_range("tx2", "", ""));
  shim.sends(get_range("tx2", "b", ""));
  shim.disappears();
  CHECK(rig.engine().report(rig.now()).empty());
  for (const Call* call : calls) {
    REQUIRE(call->outcomes() == std::vector{Outcome::kStreamTerminated});
    // The iterators are closed: the simulator may not be destroyed before them.
    CHECK(call->results[0].simulator->results());
  }
  CHECK(rig.invoke("basic", "tx3").outcomes() == std::vector{Outcome::kNotConnected});
}

TEST_CASE("shutdown ends every stream and fails the open transactions", "[chaincode]") {
  ChaincodeRig rig;
  auto one = rig.ready_shim("one");
  auto two = rig.ready_shim("two");
  const auto& call = rig.invoke("one", "tx1");
  rig.engine().shutdown(rig.now());
  CHECK(call.outcomes() == std::vector{Outcome::kStreamTerminated});
  CHECK(one.was_ended());
  CHECK(two.was_ended());
}

}  // namespace
}  // namespace ccbus::test
