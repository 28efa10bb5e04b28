// Chaincodes that call each other.
#include <catch2/catch.hpp>

#include "fabric/ledger/kv_rwset.pb.h"
#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using chaincode::Options;
using chaincode::Outcome;

ChaincodeMessage invoke_chaincode(const std::string& name, const std::string& function = "f") {
  protos::ChaincodeSpec spec;
  spec.mutable_chaincode_id()->set_name(name);
  spec.mutable_input()->add_args(function);
  return message(ChaincodeMessage::INVOKE_CHAINCODE, "tx1", spec.SerializeAsString());
}

ChaincodeMessage on_channel(ChaincodeMessage message, const std::string& channel) {
  message.set_channel_id(channel);
  return message;
}

// The last message of a callee, as its caller gets it.
ChaincodeMessage inner(const ChaincodeMessage& reply) {
  CHECK(reply.type() == ChaincodeMessage::RESPONSE);
  ChaincodeMessage callee;
  CHECK(callee.ParseFromString(reply.payload()));
  return callee;
}

// "caller" in the middle of tx1, and "callee", both ready.
struct Rigged {
  explicit Rigged(const Options& options = {})
      : rig(options), caller(rig.ready_shim("caller")), callee(rig.ready_shim("callee")) {
    call = &rig.invoke("caller", "tx1");
  }

  ChaincodeRig rig;
  FakeShim caller;
  FakeShim callee;
  const Call* call = nullptr;
};

std::vector<std::string> namespaces(const Call& call) {
  std::vector<std::string> names;
  auto results = call.results.at(0).simulator->results();
  REQUIRE(results);
  for (const auto& ns : results->public_data.ns_rwset()) names.push_back(ns.namespace_());
  return names;
}

TEST_CASE("a callee on the same channel gets the caller's proposal and shares its transaction",
          "[chaincode][row-109]") {
  Rigged r;
  r.caller.sends(put_state("tx1", "mine", "1"));
  r.caller.sends(invoke_chaincode("callee:any-version", "transfer"));
  REQUIRE(r.callee.last().type() == ChaincodeMessage::TRANSACTION);
  CHECK(r.callee.last().txid() == "tx1");
  CHECK(r.callee.last().channel_id() == "ch1");
  CHECK(r.callee.last().proposal().proposal_bytes() == "proposal of tx1");
  protos::ChaincodeInput input;
  REQUIRE(input.ParseFromString(r.callee.last().payload()));
  CHECK(input.args(0) == "transfer");

  r.callee.sends(put_state("tx1", "theirs", "2"));
  CHECK(r.callee.last().type() == ChaincodeMessage::RESPONSE);
  CHECK(r.caller.last().type() == ChaincodeMessage::RESPONSE);  // To its own PUT_STATE.
  r.callee.sends(completed("tx1", 200, "done"));
  const ChaincodeMessage answer = inner(r.caller.last());
  CHECK(answer.type() == ChaincodeMessage::COMPLETED);
  protos::Response response;
  REQUIRE(response.ParseFromString(answer.payload()));
  CHECK(response.payload() == "done");

  r.caller.sends(put_state("tx1", "afterwards", "3"));
  r.caller.sends(completed("tx1"));
  REQUIRE(r.call->outcomes() == std::vector{Outcome::kCompleted});
  CHECK(namespaces(*r.call) == std::vector<std::string>{"callee", "caller"});
}

TEST_CASE("a callee's failure is a RESPONSE that carries its whole message",
          "[chaincode][row-109]") {
  Rigged r;
  r.caller.sends(invoke_chaincode("callee"));
  SECTION("status 500") {
    r.callee.sends(completed("tx1", 500, "no"));
    CHECK(inner(r.caller.last()).type() == ChaincodeMessage::COMPLETED);
  }
  SECTION("ERROR") {
    r.callee.sends(message(ChaincodeMessage::ERROR, "tx1", "it broke"));
    CHECK(inner(r.caller.last()).payload() == "it broke");
  }
  CHECK(r.call->outcomes().empty());
}

TEST_CASE("a callee that dies fails its caller at once", "[chaincode][row-117]") {
  Rigged r;
  r.caller.sends(invoke_chaincode("callee"));
  r.callee.disappears();
  CHECK(r.caller.last().payload() ==
        "INVOKE_CHAINCODE failed: transaction ID: tx1: execute failed: error sending: chaincode "
        "stream terminated");
  r.caller.sends(put_state("tx1", "k", "v"));  // The caller has its simulator again.
  CHECK(r.caller.last().type() == ChaincodeMessage::RESPONSE);
}

TEST_CASE("a caller that ends while its callee runs does not end the callee's stream",
          "[chaincode]") {
  Rigged r;
  r.caller.sends(get_range("tx1", "", ""));
  r.caller.sends(invoke_chaincode("callee"));
  SECTION("by loss") {
    r.caller.disappears();
  }
  SECTION("by its deadline") {
    r.rig.advance(29s);
    CHECK(r.call->outcomes().empty());
    r.rig.advance(1s);
  }
  SECTION("by an ERROR of its own") {
    r.caller.sends(message(ChaincodeMessage::ERROR, "tx1", "given up"));
  }
  CHECK(r.call->outcomes().size() == 1);
  r.callee.sends(put_state("tx1", "k", "v"));
  r.callee.sends(completed("tx1"));
  CHECK(r.rig.state("callee").has_value());
  CHECK(r.call->outcomes().size() == 1);
}

TEST_CASE("COMPLETED while a callee still runs fails the transaction", "[chaincode]") {
  Rigged r;
  r.caller.sends(invoke_chaincode("callee"));
  r.caller.sends(completed("tx1"));
  REQUIRE(r.call->outcomes() == std::vector{Outcome::kFailed});
  CHECK_THAT(r.call->error(), Contains("sent COMPLETED while its INVOKE_CHAINCODE had no answer"));
}

TEST_CASE("a chaincode in the chain of calls cannot be called again on the same channel",
          "[chaincode][row-110]") {
  Rigged r;
  SECTION("itself") {
    r.caller.sends(invoke_chaincode("caller"));
    CHECK(r.caller.last().payload() ==
          "INVOKE_CHAINCODE failed: transaction ID: tx1: execute failed: error sending: txid: "
          "tx1(ch1) exists");
  }
  SECTION("nor another process of its pool") {
    r.rig.ready_shim("caller");
    r.caller.sends(invoke_chaincode("caller"));
    CHECK_THAT(r.caller.last().payload(), Contains("tx1(ch1) exists"));
  }
  SECTION("the caller's caller") {
    r.caller.sends(invoke_chaincode("callee"));
    r.callee.sends(invoke_chaincode("caller"));
    CHECK_THAT(r.callee.last().payload(), Contains("tx1(ch1) exists"));
  }
  SECTION("on another channel it can") {
    r.caller.sends(invoke_chaincode("caller/ch2"));
    CHECK(r.caller.last().type() == ChaincodeMessage::TRANSACTION);
    CHECK(r.caller.last().channel_id() == "ch2");
  }
}

TEST_CASE("what a callee does on another channel is not part of the transaction",
          "[chaincode][row-104][row-111]") {
  Rigged r;
  MapStateView::Entries elsewhere;
  elsewhere[{"callee", "k"}] = ledger::VersionedValue{"of ch2", "", {7, 0}};
  r.rig.read_from("ch2", std::make_shared<MapStateView>(elsewhere));
  r.caller.sends(invoke_chaincode("callee/ch2"));
  CHECK(r.callee.last().channel_id() == "ch2");
  r.callee.sends(on_channel(get_state("tx1", "k"), "ch2"));
  CHECK(r.callee.last().payload() == "of ch2");
  r.callee.sends(on_channel(put_state("tx1", "k", "v"), "ch2"));
  CHECK(r.callee.last().type() == ChaincodeMessage::RESPONSE);
  r.callee.sends(on_channel(completed("tx1"), "ch2"));
  CHECK(inner(r.caller.last()).type() == ChaincodeMessage::COMPLETED);
  r.caller.sends(put_state("tx1", "k", "v"));
  r.caller.sends(completed("tx1"));
  CHECK(namespaces(*r.call) == std::vector<std::string>{"caller"});
}

TEST_CASE("calling on a channel that does not exist fails with its name", "[chaincode][row-105]") {
  Rigged r;
  r.caller.sends(invoke_chaincode("callee/nowhere"));
  CHECK(r.caller.last().payload() ==
        "INVOKE_CHAINCODE failed: transaction ID: tx1: failed to find ledger for channel: nowhere");
}

TEST_CASE("calling a chaincode that is not connected fails with its name", "[chaincode][row-108]") {
  Rigged r;
  r.caller.sends(invoke_chaincode("nobody"));
  CHECK(r.caller.last().payload() ==
        "INVOKE_CHAINCODE failed: transaction ID: tx1: execute failed: chaincode nobody is not "
        "connected");
  r.caller.sends(put_state("tx1", "k", "v"));
  CHECK(r.caller.last().type() == ChaincodeMessage::RESPONSE);
}

TEST_CASE("the depth of calls is limited, and the error names the limit", "[chaincode]") {
  Options options;
  options.call_depth_max = 2;
  Rigged r(options);
  auto third = r.rig.ready_shim("third");
  r.caller.sends(invoke_chaincode("callee"));
  r.callee.sends(invoke_chaincode("third"));
  CHECK(third.types().size() == 2);
  CHECK_THAT(r.callee.last().payload(),
             Contains("would be call 3 in a row, and the limit is 2 (limits.callDepth)"));
}

TEST_CASE("a transaction without a proposal is sent without one and cannot call a chaincode",
          "[chaincode][row-107][row-113]") {
  ChaincodeRig rig;
  auto caller = rig.ready_shim("caller");
  rig.ready_shim("callee");
  chaincode::Execution execution;
  execution.key = TxKey{ChannelId{"ch1"}, TxId{"tx1"}};
  execution.chaincode_name = "caller";
  execution.simulator = rig.simulate(execution.key.channel, execution.key.tx);
  rig.engine().execute(rig.now(), std::move(execution), [](chaincode::ExecutionResult) {});
  CHECK(caller.last().type() == ChaincodeMessage::TRANSACTION);
  CHECK_FALSE(caller.last().has_proposal());
  caller.sends(invoke_chaincode("callee"));
  CHECK(caller.last().payload() ==
        "INVOKE_CHAINCODE failed: transaction ID: tx1: signed proposal must not be nil from caller "
        "[callee]");
  caller.sends(invoke_chaincode("callee:2.0/ch2"));
  CHECK_THAT(caller.last().payload(), Contains("from caller [callee/ch2]"));
}

TEST_CASE("an INVOKE_CHAINCODE that cannot be decoded or is incomplete is refused",
          "[chaincode][row-58][row-59][row-62]") {
  Rigged r;
  const auto ask = [&](const ChaincodeMessage& request) {
    r.caller.sends(request);
    CHECK(r.caller.last().type() == ChaincodeMessage::ERROR);
    return r.caller.last().payload();
  };
  const auto type = ChaincodeMessage::INVOKE_CHAINCODE;
  CHECK_THAT(ask(message(type, "tx1", "\xff")), Contains("unmarshal failed"));
  CHECK_THAT(ask(message(type, "tx1", "")), Contains("the chaincode to invoke is not named"));
  protos::ChaincodeSpec spec;
  spec.mutable_chaincode_id()->set_name("callee");
  CHECK_THAT(ask(message(type, "tx1", spec.SerializeAsString())),
             Contains("the input for chaincode 'callee' is missing"));
  CHECK_THAT(ask(message(type, "other", spec.SerializeAsString())),
             Contains("could not get valid transaction"));
  CHECK_THAT(ask(on_channel(message(type, "tx1", "\xff"), "")), Contains("unmarshal failed"));
  CHECK_THAT(ask(on_channel(message(type, "tx1", spec.SerializeAsString()), "")),
             Contains("could not get valid transaction"));
}

TEST_CASE("a second request while the first has no answer is dropped without an answer",
          "[chaincode][row-50][row-53][row-54][row-55][row-66]") {
  Rigged r;
  const auto& other = r.rig.invoke("caller", "tx2");
  r.caller.sends(invoke_chaincode("callee"));
  const std::size_t heard = r.caller.received().size();
  r.caller.sends(get_state("tx1", "k"));
  CHECK(r.caller.received().size() == heard);
  CHECK(r.rig.counters().get(Counter::kRequestsDropped) == 1);
  r.caller.sends(get_state("tx1", "k"));  // The first is still the open one.
  CHECK(r.rig.counters().get(Counter::kRequestsDropped) == 2);
  r.caller.sends(get_state("tx2", "k"));  // Another transaction is served meanwhile.
  CHECK(r.caller.last().txid() == "tx2");
  r.callee.sends(completed("tx1"));
  CHECK(inner(r.caller.last()).type() == ChaincodeMessage::COMPLETED);
  const std::size_t answered = r.caller.received().size();
  r.caller.sends(get_state("tx1", "k"));
  CHECK(r.caller.last().type() == ChaincodeMessage::RESPONSE);
  CHECK(r.caller.received().size() == answered + 1);
  CHECK(other.outcomes().empty());
}

}  // namespace
}  // namespace ccbus::test
