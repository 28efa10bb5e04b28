#include "service/gateway/events/signed_questions.h"

#include <catch2/catch.hpp>
#include <functional>
#include <random>
#include <string>

#include "fabric/gateway/gateway.pb.h"
#include "tests/support/organizations_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Status = ::gateway::CommitStatusRequest;
using Events = ::gateway::ChaincodeEventsRequest;

// A client of the second organisation that asks, and signs it.
struct AskingRig : OrganizationsRig {
  AskingRig() : OrganizationsRig({"one", "two"}) {}

  const security::SigningIdentity& client() { return theirs.client(); }

  Status status_of(const std::string& tx) {
    Status question;
    question.set_transaction_id(tx);
    question.set_channel_id(kChannel.value);
    question.set_identity(client().serialized());
    return question;
  }
  Events events() {
    Events question;
    question.set_channel_id(kChannel.value);
    question.set_chaincode_id("basic");
    question.set_identity(client().serialized());
    return question;
  }
  ccbus::ClientRequest signed_by(const security::SigningIdentity& signer, const Status& question) {
    ccbus::ClientRequest request;
    request.set_correlation_id(5);
    auto& given = *request.mutable_commit_status()->mutable_signed_request();
    given.set_request(question.SerializeAsString());
    given.set_signature(*signer.sign(given.request()));
    return request;
  }
  ccbus::ClientRequest signed_by(const security::SigningIdentity& signer, const Events& question) {
    ccbus::ClientRequest request;
    request.set_correlation_id(5);
    auto& given = *request.mutable_chaincode_events()->mutable_signed_request();
    given.set_request(question.SerializeAsString());
    given.set_signature(*signer.sign(given.request()));
    return request;
  }
  // Returns the answer; one with the code CANCELLED if the request waits.
  ccbus::ClientResponse ask(const ccbus::ClientRequest& question) {
    answers().clear();
    request(question);
    chaincode.run_jobs();
    if (!answers().empty()) return answers()[0];
    CHECK(gateway.requests_open() == 1);
    ccbus::ClientRequest cancel;
    cancel.mutable_cancel()->set_correlation_id(5);
    request(cancel);
    REQUIRE(answers().size() == 2);
    return answers()[0];
  }
};

void check_refused(const ccbus::ClientResponse& answer, ccbus::StatusCode code,
                   const std::string& text) {
  CHECK(answer.status().code() == code);
  CHECK_THAT(answer.status().message(), Contains(text));
}

const std::string kNoReader =
    "Failed evaluating policy on signed data during check policy on channel [ch1] with policy "
    "[/Channel/Application/Readers]: [";

TEST_CASE("a Reader asks for the status of a transaction", "[gateway][issue-16][row-309]") {
  AskingRig rig;
  const std::string& tx = rig.transactions[1];
  const auto answer = rig.ask(rig.signed_by(rig.client(), rig.status_of(tx)));
  CHECK_FALSE(answer.has_status());
  CHECK(answer.commit_status().transaction_id() == tx);
  CHECK(answer.commit_status().validation_code() == protos::VALID);
  CHECK(answer.commit_status().block_number() == 1);
  CHECK(rig.ask(rig.signed_by(rig.client(), rig.status_of("none"))).status().code() ==
        ccbus::CANCELLED);  // It waits.
  auto hasty = rig.signed_by(rig.client(), rig.status_of("none"));
  hasty.mutable_commit_status()->set_wait_ms(20);
  rig.answers().clear();
  rig.request(hasty);
  rig.chaincode.run_jobs();
  rig.advance(20ms);
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::DEADLINE_EXCEEDED);
}

TEST_CASE("a request for a status that is not whole is refused in Fabric's words",
          "[gateway][row-310]") {
  AskingRig rig;
  const auto refusal = [&](const std::function<void(Status&)>& change) {
    auto question = rig.status_of("tx");
    change(question);
    const auto answer = rig.ask(rig.signed_by(rig.client(), question));
    CHECK(answer.status().code() == ccbus::INVALID_ARGUMENT);
    return answer.status().message();
  };
  CHECK(refusal([](Status& status) { status.clear_identity(); }) == "no identity provided");
  CHECK(refusal([](Status& status) { status.clear_channel_id(); }) == "no channel ID provided");
  CHECK(refusal([](Status& status) { status.clear_transaction_id(); }) ==
        "transaction ID should not be empty");
  CHECK(refusal([](Status& status) { status.Clear(); }) == "a commit status request is required");
  auto garbled = rig.signed_by(rig.client(), rig.status_of("tx"));
  garbled.mutable_commit_status()->mutable_signed_request()->set_request("\xff");
  check_refused(rig.ask(garbled), ccbus::INVALID_ARGUMENT,
                "invalid status request: not a gateway.CommitStatusRequest (1 bytes)");
  auto twice = rig.signed_by(rig.client(), rig.status_of("tx"));
  SECTION("the channel beside it") {
    twice.mutable_commit_status()->set_channel_id("ch1");
  }
  SECTION("the id beside it") {
    twice.mutable_commit_status()->set_transaction_id("tx");
  }
  check_refused(rig.ask(twice), ccbus::INVALID_ARGUMENT, "stand in the signed request");
}

TEST_CASE("who is no Reader of the channel is told no status and no event",
          "[gateway][attacks][issue-16][row-311]") {
  AskingRig rig;
  const std::string& tx = rig.transactions[0];
  const auto stranger = *security::DevIdentities::make("Org9MSP");
  const auto impostor = *security::DevIdentities::make("Org2MSP");
  const auto denied_to = [&](auto question) {
    check_refused(rig.ask(rig.signed_by(stranger.client(), question)), ccbus::PERMISSION_DENIED,
                  kNoReader);  // Another's signature.
    question.set_identity(impostor.client().serialized());
    check_refused(rig.ask(rig.signed_by(impostor.client(), question)), ccbus::PERMISSION_DENIED,
                  kNoReader);
    question.set_identity(stranger.client().serialized());
    check_refused(rig.ask(rig.signed_by(stranger.client(), question)), ccbus::PERMISSION_DENIED,
                  kNoReader);
    question.set_identity("nobody");
    check_refused(rig.ask(rig.signed_by(rig.client(), question)), ccbus::PERMISSION_DENIED,
                  kNoReader);
    question.set_identity(rig.client().serialized());
    question.set_channel_id("other");
    check_refused(rig.ask(rig.signed_by(rig.client(), question)), ccbus::PERMISSION_DENIED,
                  "Failed to get policy manager for channel [other]");
  };
  denied_to(rig.status_of(tx));
  denied_to(rig.events());
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("an expired certificate asks for nothing", "[gateway][attacks][row-311]") {
  AskingRig rig;
  const auto status = rig.signed_by(rig.client(), rig.status_of("tx"));
  rig.chaincode.advance(std::chrono::hours(24 * 365 * 200));
  check_refused(rig.ask(status), ccbus::PERMISSION_DENIED, kNoReader);
}

TEST_CASE("a signed request that is changed in any bit is refused",
          "[gateway][attacks][issue-16]") {
  AskingRig rig;
  const auto status = rig.signed_by(rig.client(), rig.status_of("tx"));
  std::mt19937 chance(303);
  constexpr int kTimes = 1'000;
  int taken = 0;
  for (int i = 0; i < kTimes; ++i) {
    auto changed = status;
    auto& given = *changed.mutable_commit_status()->mutable_signed_request();
    std::string& bytes = chance() % 4 == 0 ? *given.mutable_signature() : *given.mutable_request();
    const std::size_t at = chance() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1u << chance() % 8));
    const auto code = rig.ask(changed).status().code();
    if (code != ccbus::PERMISSION_DENIED && code != ccbus::INVALID_ARGUMENT) ++taken;
  }
  CHECK(taken == 0);
}

TEST_CASE("a channel without a configuration knows no Readers", "[gateway]") {
  GatewayRig rig;
  ccbus::ClientRequest request;
  Status question;
  question.set_channel_id(kChannel.value);
  question.set_transaction_id("tx");
  question.set_identity("somebody");
  request.mutable_commit_status()->mutable_signed_request()->set_request(
      question.SerializeAsString());
  rig.request(request);
  REQUIRE(rig.answers().size() == 1);
  check_refused(rig.answers()[0], ccbus::FAILED_PRECONDITION, "has no configuration");
}

TEST_CASE("a Reader receives the events of a chaincode from where it wants",
          "[gateway][issue-16][row-312]") {
  AskingRig rig;
  const auto names = [&](const ccbus::ClientRequest& request) {
    std::string found;
    const auto answer = rig.ask(request);
    for (const auto& block : answer.chaincode_events().blocks()) {
      for (const auto& event : block.events()) found += event.event_name() + " ";
    }
    return answer.status().code() == ccbus::CANCELLED ? "waits" : found;
  };
  auto question = rig.events();
  CHECK(names(rig.signed_by(rig.client(), question)) == "waits");  // For the next block.
  question.mutable_start_position()->mutable_next_commit();
  CHECK(names(rig.signed_by(rig.client(), question)) == "waits");
  question.mutable_start_position()->mutable_specified()->set_number(1);
  CHECK(names(rig.signed_by(rig.client(), question)) == "two ");
  question.mutable_start_position()->mutable_specified()->set_number(0);
  CHECK(names(rig.signed_by(rig.client(), question)) == "one two ");
  auto going_on = rig.signed_by(rig.client(), question);
  going_on.mutable_chaincode_events()->mutable_from()->set_block_number(1);
  CHECK(names(going_on) == "two ");
  question.set_after_transaction_id(
      rig.transactions[0]);  // Its block counts, and not the position.
  CHECK(names(rig.signed_by(rig.client(), question)) == "two ");
  question.set_chaincode_id("another");
  CHECK(names(rig.signed_by(rig.client(), question)) == "waits");
}

TEST_CASE("a signed request for events that starts nowhere is refused",
          "[gateway][row-312][row-313]") {
  AskingRig rig;
  auto question = rig.events();
  SECTION("at the newest block") {
    question.mutable_start_position()->mutable_newest();
    check_refused(rig.ask(rig.signed_by(rig.client(), question)), ccbus::INVALID_ARGUMENT,
                  "invalid start position type: *orderer.SeekPosition_Newest");
  }
  SECTION("at the oldest block") {
    question.mutable_start_position()->mutable_oldest();
    check_refused(rig.ask(rig.signed_by(rig.client(), question)), ccbus::INVALID_ARGUMENT,
                  "invalid start position type: *orderer.SeekPosition_Oldest");
  }
  SECTION("after a transaction that is not there") {
    question.set_after_transaction_id("none");
    check_refused(rig.ask(rig.signed_by(rig.client(), question)), ccbus::INVALID_ARGUMENT,
                  "channel ch1 has no transaction none to go on after");
  }
  SECTION("without content") {
    ccbus::ClientRequest empty;
    empty.mutable_chaincode_events()->mutable_signed_request();
    check_refused(rig.ask(empty), ccbus::INVALID_ARGUMENT,
                  "a chaincode events request is required");
  }
  SECTION("that cannot be read") {
    auto garbled = rig.signed_by(rig.client(), question);
    garbled.mutable_chaincode_events()->mutable_signed_request()->set_request("\xff");
    check_refused(rig.ask(garbled), ccbus::INVALID_ARGUMENT, "invalid chaincode events request: ");
  }
  SECTION("with a channel beside it") {
    auto twice = rig.signed_by(rig.client(), question);
    twice.mutable_chaincode_events()->set_channel_id("ch1");
    check_refused(rig.ask(twice), ccbus::INVALID_ARGUMENT, "stand in the signed request");
  }
  SECTION("with a chaincode beside it") {
    auto twice = rig.signed_by(rig.client(), question);
    twice.mutable_chaincode_events()->set_chaincode_name("basic");
    check_refused(rig.ask(twice), ccbus::INVALID_ARGUMENT, "stand in the signed request");
  }
}

TEST_CASE("a signed request is dropped with its client, and refused by a service that stops",
          "[gateway]") {
  AskingRig rig;
  rig.answers().clear();
  rig.request(rig.signed_by(rig.client(), rig.status_of("tx")));
  SECTION("its client leaves while the signature is checked") {
    rig.gateway.on_client_gone(PeerId{1});
    rig.chaincode.run_jobs();
  }
  SECTION("the service stops") {
    rig.gateway.stop_accepting();
    rig.chaincode.run_jobs();
    REQUIRE(rig.answers().size() == 1);
    CHECK_THAT(rig.answers()[0].status().message(), EndsWith("shutting down"));
  }
  CHECK(rig.gateway.requests_open() == 0);
  CHECK(rig.gateway.is_drained());
}

}  // namespace
}  // namespace ccbus::test
