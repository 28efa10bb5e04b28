// A chaincode that has called another ends before its callee does.
#include <catch2/catch.hpp>

#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using chaincode::Outcome;
using chaincode::State;

ChaincodeMessage invoke_chaincode(const std::string& name) {
  protos::ChaincodeSpec spec;
  spec.mutable_chaincode_id()->set_name(name);
  spec.mutable_input();
  return message(ChaincodeMessage::INVOKE_CHAINCODE, "tx1", spec.SerializeAsString());
}

// "first" has called "second", and that "third", in tx1.
struct Rigged {
  explicit Rigged(const std::string& third_channel = "")
      : first(rig.ready_shim("first")),
        second(rig.ready_shim("second")),
        third(rig.ready_shim("third")) {
    call = &rig.invoke("first", "tx1");
    first.sends(put_state("tx1", "k", "of the first"));
    first.sends(invoke_chaincode("second"));
    second.sends(put_state("tx1", "k", "of the second"));
    second.sends(invoke_chaincode("third" + third_channel));
    REQUIRE(third.last().type() == ChaincodeMessage::TRANSACTION);
  }

  ChaincodeRig rig;
  FakeShim first;
  FakeShim second;
  FakeShim third;
  const Call* call = nullptr;
};

TEST_CASE("when a callee ends, its own callee is abandoned and its caller goes on",
          "[chaincode][row-57]") {
  const std::string channel = GENERATE("", "/ch2");
  Rigged r(channel);
  SECTION("the callee's process is gone") {
    r.second.disappears();
    CHECK_THAT(r.first.last().payload(), Contains("chaincode stream terminated"));
  }
  SECTION("the callee sends ERROR") {
    r.second.sends(message(ChaincodeMessage::ERROR, "tx1", "it broke"));
    CHECK(r.first.last().type() == ChaincodeMessage::RESPONSE);
  }
  SECTION("the callee sends COMPLETED too early") {
    r.second.sends(completed("tx1"));
    CHECK_THAT(r.first.last().payload(), Contains("had no answer yet"));
  }
  auto late = put_state("tx1", "late", "v");
  if (!channel.empty()) late.set_channel_id("ch2");
  r.third.sends(late);
  CHECK(r.third.last().payload() == "PUT_STATE failed: transaction ID: tx1: no ledger context");
  CHECK(r.rig.state("third") == State::kReady);

  r.first.sends(get_state("tx1", "k"));
  CHECK(r.first.last().type() == ChaincodeMessage::RESPONSE);
  r.first.sends(completed("tx1"));
  REQUIRE(r.call->outcomes() == std::vector{Outcome::kCompleted});
  const auto results = r.call->results[0].simulator->results();
  REQUIRE(results);
  REQUIRE(results->public_data.ns_rwset_size() == 2);
  CHECK(results->public_data.ns_rwset(0).namespace_() == "first");
  CHECK(results->public_data.ns_rwset(1).namespace_() == "second");
}

TEST_CASE("a transaction that ends also ends the whole chain of its callees", "[chaincode]") {
  Rigged r;
  SECTION("by loss") {
    r.first.disappears();
  }
  SECTION("by its deadline") {
    r.rig.advance(30s);
  }
  REQUIRE(r.call->results.size() == 1);
  CHECK(r.call->results[0].simulator != nullptr);
  for (FakeShim* shim : {&r.second, &r.third}) {
    shim->sends(get_state("tx1", "k"));
    CHECK_THAT(shim->last().payload(), Contains("no ledger context"));
  }
  for (const std::string name : {"second", "third"}) {
    CHECK(r.rig.engine().report(r.rig.now()).at(name)[0].open_transactions == 0);
  }
  CHECK_FALSE(r.rig.engine().next_deadline().has_value());
}

TEST_CASE("a process that is both caller and callee in one chain takes both with it",
          "[chaincode][issue-12]") {
  ChaincodeRig rig;
  FakeShim first = rig.ready_shim("first");
  FakeShim second = rig.ready_shim("second");
  const Call& call = rig.invoke("first", "tx1");
  first.sends(invoke_chaincode("second"));
  second.sends(invoke_chaincode("first/ch2"));
  REQUIRE(first.last().channel_id() == "ch2");
  first.disappears();
  CHECK(call.outcomes() == std::vector{Outcome::kStreamTerminated});
  CHECK(rig.engine().report(rig.now()).at("second").front().open_transactions == 0);
}

TEST_CASE("a chaincode with very many open calls to itself may leave", "[chaincode]") {
  ChaincodeRig rig;
  FakeShim shim = rig.ready_shim("self");
  constexpr int kCalls = 4'900;
  std::vector<Call*> calls;
  for (int i = 0; i < kCalls; ++i) {
    const std::string tx = "tx" + std::to_string(i);
    calls.push_back(&rig.invoke("self", tx));
    protos::ChaincodeSpec spec;
    spec.mutable_chaincode_id()->set_name("self/ch2");
    spec.mutable_input()->add_args("f");
    shim.sends(message(ChaincodeMessage::INVOKE_CHAINCODE, tx, spec.SerializeAsString()));
    REQUIRE(shim.last().type() == ChaincodeMessage::TRANSACTION);
    REQUIRE(shim.last().channel_id() == "ch2");
  }
  shim.disappears();
  for (const Call* call : calls) {
    REQUIRE(call->outcomes() == std::vector{chaincode::Outcome::kStreamTerminated});
    REQUIRE(call->error() == "chaincode stream terminated");
  }
}

}  // namespace
}  // namespace ccbus::test
