#include <catch2/catch.hpp>
#include <string>

#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

constexpr std::uint64_t kId = 7;

// A gateway whose client ends requests early, by a cancel or by their timeout.
struct EarlyEndRig : GatewayRig {
  enum class By { kCancel, kTimeout };

  explicit EarlyEndRig(By by_) : by(by_) { signing_is_slow = true; }

  // Sends a request that can be ended, with the correlation id kId.
  void ask(ccbus::ClientRequest request) {
    request.set_correlation_id(kId);
    if (by == By::kTimeout) request.set_timeout_ms(500);
    this->request(request);
    REQUIRE(answers().empty());
  }

  ccbus::ClientResponse cancel(std::uint64_t id, PeerId client = PeerId{1}) {
    ccbus::ClientRequest request;
    request.set_correlation_id(99);
    request.mutable_cancel()->set_correlation_id(id);
    request_of(client, request);
    return clients.answers[client].back();
  }

  // Ends the request, and returns how it was answered.
  ccbus::ClientResponse end() {
    if (by == By::kCancel) {
      CHECK(cancel(kId).cancel().was_open());
      REQUIRE(answers().size() == 2);
      answers().pop_back();
    } else {
      advance(499ms);
      REQUIRE(answers().empty());
      advance(1ms);
      REQUIRE(answers().size() == 1);
    }
    const ccbus::ClientResponse answer = answers()[0];
    CHECK(answer.correlation_id() == kId);
    CHECK(answer.status().code() ==
          (by == By::kCancel ? ccbus::CANCELLED : ccbus::DEADLINE_EXCEEDED));
    CHECK_THAT(answer.status().message(),
               StartsWith(by == By::kCancel
                              ? "the client has cancelled the request"
                              : "the request was not answered within its timeout of 500 ms"));
    answers().clear();
    return answer;
  }

  // Nothing of the request is left, and it was answered once.
  void check_over() {
    CHECK(answers().empty());
    CHECK(gateway.requests_open() == 0);
    CHECK(orderer.held.empty());
    CHECK_FALSE(gateway.next_deadline().has_value());
    CHECK_FALSE(cancel(kId).cancel().was_open());
    answers().clear();
  }

  const By by;
};

EarlyEndRig::By any_way() {
  return GENERATE(EarlyEndRig::By::kCancel, EarlyEndRig::By::kTimeout);
}

ccbus::ClientRequest invocation_of(bool evaluate) {
  ccbus::ClientRequest request;
  ccbus::Invocation& invocation = evaluate ? *request.mutable_evaluate()->mutable_invocation()
                                           : *request.mutable_endorse()->mutable_invocation();
  invocation.set_channel_id(kChannel.value);
  invocation.set_chaincode_name("basic");
  invocation.add_args("f");
  return request;
}

TEST_CASE("a transaction that runs is ended with its request, and its chaincode not told",
          "[gateway][row-303]") {
  EarlyEndRig rig(any_way());
  const bool submits = GENERATE(true, false);
  rig.ask(submits ? rig.submit(kId) : invocation_of(GENERATE(true, false)));
  rig.sign();
  const ChaincodeMessage begun = rig.shim.last();
  CHECK(begun.type() == ChaincodeMessage::TRANSACTION);
  const auto answer = rig.end();
  CHECK(answer.has_submit() == submits);
  if (submits) {
    CHECK(answer.submit().validation_code() == protos::NOT_VALIDATED);
    CHECK_THAT(answer.status().message(), EndsWith("; nothing of it will be committed"));
  }
  rig.check_over();
  CHECK(rig.shim.last().SerializeAsString() == begun.SerializeAsString());
  rig.shim.sends(put_state(begun.txid(), "k", "v"));
  CHECK(rig.shim.last().type() == ChaincodeMessage::ERROR);
  CHECK_THAT(rig.shim.last().payload(), EndsWith("no ledger context"));
  rig.shim.sends(completed(begun.txid(), 200, "late"));
  rig.check_over();
}

TEST_CASE("a transaction that waits for its signature is not begun any more", "[gateway]") {
  EarlyEndRig rig(any_way());
  for (std::uint64_t i = 0; i < gateway::Endorser::kSignedHereMax; ++i) {
    rig.request_of(PeerId{2}, rig.submit(i));
  }
  const std::string before = rig.shim.last().txid();
  rig.ask(rig.submit(kId));
  rig.end();
  rig.sign();
  CHECK(rig.shim.last().txid() == before);
  CHECK(rig.gateway.requests_open() == gateway::Endorser::kSignedHereMax);
}

TEST_CASE("what a transaction calls is ended with it", "[gateway]") {
  EarlyEndRig rig(any_way());
  FakeShim callee = rig.chaincode.ready_shim("other:1.0");
  rig.ask(rig.submit(kId));
  rig.sign();
  const std::string tx = rig.shim.last().txid();
  protos::ChaincodeSpec call;
  call.mutable_chaincode_id()->set_name("other");
  call.mutable_input();
  rig.shim.sends(message(ChaincodeMessage::INVOKE_CHAINCODE, tx, call.SerializeAsString()));
  REQUIRE(callee.last().type() == ChaincodeMessage::TRANSACTION);
  rig.end();
  rig.check_over();
  callee.sends(put_state(tx, "k", "v"));
  CHECK(callee.last().type() == ChaincodeMessage::ERROR);
  CHECK(rig.shim.last().type() == ChaincodeMessage::TRANSACTION);
}

TEST_CASE("a transaction that another process has taken over is ended there", "[gateway]") {
  EarlyEndRig rig(any_way());
  for (std::uint64_t i = 0; i < gateway::Endorser::kSignedHereMax; ++i) {
    rig.request_of(PeerId{2}, rig.submit(i));
  }
  rig.ask(rig.submit(kId));  // It waits for its signature.
  FakeShim other = rig.chaincode.ready_shim("basic:1.0");
  rig.shim.disappears();
  rig.end();
  rig.sign();
  CHECK(other.last().type() == ChaincodeMessage::READY);
  rig.check_over();
}

TEST_CASE("a transaction that is ordered stays so: the answer says that its outcome is unknown",
          "[gateway]") {
  EarlyEndRig rig(any_way());
  rig.ask(rig.submit(kId));
  rig.sign();
  const std::string tx = rig.shim.last().txid();
  rig.write_and_complete("k");
  REQUIRE(rig.orderer.held.size() == 1);
  const auto answer = rig.end();
  CHECK_THAT(answer.status().message(),
             EndsWith("; the outcome of transaction " + tx + " is unknown: it is ordered"));
  CHECK(answer.submit().transaction_id() == tx);
  CHECK(answer.submit().validation_code() == protos::NOT_VALIDATED);
  CHECK(answer.submit().result().payload() == "result");
  CHECK(rig.gateway.requests_open() == 0);
  rig.cut_block();
  CHECK(rig.ledger.value_of("k") == "v");
  rig.check_over();
}

TEST_CASE("a submit that waits for its second run is ended in it", "[gateway]") {
  EarlyEndRig rig(any_way());
  auto request = rig.submit(kId);
  request.mutable_submit()->set_retries(2);
  rig.ask(request);
  rig.sign();
  const std::string first = rig.shim.last().txid();
  rig.shim.sends(get_state(first, "k"));
  // Another transaction changes what it has read.
  rig.request_of(PeerId{2}, rig.submit(1));
  rig.sign();
  rig.write_and_complete("k");
  rig.cut_block();
  rig.shim.sends(put_state(first, "k", "v"));
  rig.shim.sends(completed(first));
  rig.cut_block();
  const std::string second = rig.shim.last().txid();
  REQUIRE(second != first);
  const auto answer = rig.end();
  CHECK_THAT(answer.status().message(), EndsWith("; nothing of it will be committed"));
  CHECK(answer.submit().transaction_id().empty());
  rig.shim.sends(completed(second));
  rig.check_over();
}

TEST_CASE("a request that waits for a block is dropped when it is ended", "[gateway]") {
  EarlyEndRig rig(any_way());
  ccbus::ClientRequest request;
  SECTION("for a status") {
    request.mutable_commit_status()->set_channel_id(kChannel.value);
    request.mutable_commit_status()->set_transaction_id("tx");
  }
  SECTION("for the events of chaincode") {
    request.mutable_chaincode_events()->set_channel_id(kChannel.value);
  }
  SECTION("for blocks") {
    request.mutable_block_events()->set_channel_id(kChannel.value);
  }
  rig.ask(request);
  rig.end();
  rig.check_over();
}

TEST_CASE("a look-up that waits for a worker is not begun any more", "[gateway]") {
  EarlyEndRig rig(any_way());
  ccbus::ClientRequest request;
  request.mutable_ledger()->set_channel_id(kChannel.value);
  SECTION("of the ledger") {
    request.mutable_ledger()->mutable_chain_info();
  }
  SECTION("verification") {
    request.mutable_ledger()->mutable_verify();
  }
  rig.ask(request);
  rig.end();
  CHECK(rig.gateway.requests_open() == 1);  // Its job is.
  rig.chaincode.run_jobs();
  rig.check_over();
}

TEST_CASE("events that a worker looks for are not sent to who has ended the request", "[gateway]") {
  EarlyEndRig rig(any_way());
  rig.signing_is_slow = false;
  rig.commit("a", "one");
  rig.answers().clear();
  ccbus::ClientRequest request;
  request.mutable_chaincode_events()->set_channel_id(kChannel.value);
  request.mutable_chaincode_events()->mutable_from();
  rig.ask(request);
  rig.end();
  rig.chaincode.run_jobs();
  rig.check_over();
}

TEST_CASE("a reset is carried out although its request has ended, and the answer says so",
          "[gateway]") {
  EarlyEndRig rig(any_way());
  ccbus::ClientRequest request;
  request.mutable_channel()->set_channel_id(kChannel.value);
  request.mutable_channel()->mutable_reset();
  rig.ask(request);
  CHECK_THAT(rig.end().status().message(), EndsWith("; it is carried out all the same"));
  rig.chaincode.run_jobs();
  CHECK(rig.host.replaced == std::vector<std::string>{kChannel.value});
  rig.check_over();
}

TEST_CASE("a cancel of what is not open is answered OK, and ends nothing", "[gateway][row-304]") {
  EarlyEndRig rig(EarlyEndRig::By::kCancel);
  rig.ask(rig.submit(kId));
  SECTION("of another connection") {
    const auto answer = rig.cancel(kId, PeerId{2});
    CHECK(answer.correlation_id() == 99);
    CHECK_FALSE(answer.has_status());
    CHECK(answer.has_cancel());
    CHECK_FALSE(answer.cancel().was_open());
  }
  SECTION("of another id") {
    CHECK_FALSE(rig.cancel(kId + 1).cancel().was_open());
  }
  rig.answers().clear();
  rig.sign();
  rig.write_and_complete("k");
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::OK);
  CHECK_FALSE(rig.cancel(kId).cancel().was_open());
}

TEST_CASE("a cancel needs no place, and is answered while the service stops", "[gateway]") {
  GatewayRig rig(2);
  rig.request(rig.submit(1));
  rig.gateway.stop_accepting();
  ccbus::ClientRequest cancel;
  cancel.set_correlation_id(2);
  cancel.mutable_cancel()->set_correlation_id(1);
  rig.request(cancel);
  REQUIRE(rig.answers().size() == 2);
  CHECK(rig.answers()[0].status().code() == ccbus::CANCELLED);
  CHECK(rig.answers()[1].cancel().was_open());
  CHECK(rig.gateway.is_drained());
}

TEST_CASE("a request that is answered in time hears nothing of its timeout", "[gateway]") {
  GatewayRig rig;
  auto request = rig.submit(1);
  request.set_timeout_ms(500);
  rig.request(request);
  rig.write_and_complete("k");
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  CHECK_FALSE(rig.gateway.next_deadline().has_value());
  rig.advance(1s);
  CHECK(rig.answers().size() == 1);
}

TEST_CASE("a wait that ends with the timeout is answered by who waits", "[gateway]") {
  GatewayRig rig;
  ccbus::ClientRequest request;
  request.set_timeout_ms(500);
  request.mutable_chaincode_events()->set_channel_id(kChannel.value);
  request.mutable_chaincode_events()->set_wait_ms(500);
  rig.request(request);
  rig.advance(500ms);
  REQUIRE(rig.answers().size() == 1);
  CHECK_FALSE(rig.answers()[0].has_status());
}

}  // namespace
}  // namespace ccbus::test
