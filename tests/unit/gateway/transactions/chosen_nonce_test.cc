#include <catch2/catch.hpp>
#include <string>

#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

const std::string kNonce = "a nonce of a client";

enum class Kind { kEvaluate, kEndorse, kSubmit };

struct NonceRig : GatewayRig {
  ccbus::ClientRequest asked(Kind kind, std::uint64_t id, const std::string& nonce = kNonce) {
    ccbus::ClientRequest request = submit(id);
    ccbus::Invocation invocation = request.submit().invocation();
    invocation.set_nonce(nonce);
    switch (kind) {
      case Kind::kEvaluate: *request.mutable_evaluate()->mutable_invocation() = invocation; break;
      case Kind::kEndorse: *request.mutable_endorse()->mutable_invocation() = invocation; break;
      case Kind::kSubmit: *request.mutable_submit()->mutable_invocation() = invocation; break;
    }
    return request;
  }

  // The creator that the service names for the channel.
  std::string creator() {
    ccbus::ClientRequest status;
    status.mutable_status();
    request(status);
    const auto answer = answers().back().service_status();
    answers().pop_back();
    REQUIRE(answer.channels_size() == 1);
    return answer.channels(0).creator();
  }

  std::string expected_id(const std::string& nonce = kNonce) {
    return to_hex(sha256({nonce, creator()}));
  }
};

void check_duplicate(const ccbus::ClientResponse& answer, const std::string& tx) {
  CHECK(answer.status().code() == ccbus::ALREADY_EXISTS);
  CHECK_THAT(answer.status().message(), Contains("duplicate transaction found [" + tx + "]"));
}

TEST_CASE("a client that chooses the nonce knows the transaction's id before",
          "[gateway][row-305]") {
  NonceRig rig;
  const std::string expected = rig.expected_id();
  rig.request(rig.asked(GENERATE(Kind::kEvaluate, Kind::kEndorse, Kind::kSubmit), 1));
  CHECK(rig.shim.last().txid() == expected);
}

TEST_CASE("a nonce has at most 64 bytes", "[gateway]") {
  NonceRig rig;
  const Kind kind = GENERATE(Kind::kEvaluate, Kind::kEndorse, Kind::kSubmit);
  const std::string before = rig.shim.last().txid();
  rig.request(rig.asked(kind, 1, std::string(65, 'n')));
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::INVALID_ARGUMENT);
  CHECK_THAT(rig.answers()[0].status().message(),
             EndsWith("a nonce of 65 bytes is longer than 64"));
  CHECK(rig.shim.last().txid() == before);
  const std::string longest(64, 'n');
  rig.request(rig.asked(kind, 2, longest));
  CHECK(rig.answers().size() == 1);
  CHECK(rig.shim.last().txid() == rig.expected_id(longest));
}

TEST_CASE("retries do not go with a nonce", "[gateway]") {
  NonceRig rig;
  auto request = rig.asked(Kind::kSubmit, 1);
  request.mutable_submit()->set_retries(2);
  rig.request(request);
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::INVALID_ARGUMENT);
  CHECK_THAT(rig.answers()[0].status().message(), Contains("2 retries do not go with a nonce"));
  CHECK(rig.answers()[0].submit().validation_code() == protos::NOT_VALIDATED);
}

TEST_CASE("a transaction that a block has is refused", "[gateway][row-306]") {
  NonceRig rig;
  const std::string tx = rig.expected_id();
  rig.request(rig.asked(Kind::kSubmit, 1));
  rig.write_and_complete("k");
  rig.cut_block();
  CHECK(rig.answers().back().submit().transaction_id() == tx);
  const auto begun = rig.shim.last().SerializeAsString();
  const Kind kind = GENERATE(Kind::kEvaluate, Kind::kEndorse, Kind::kSubmit);
  rig.request(rig.asked(kind, 2));
  REQUIRE(rig.answers().size() == 2);
  check_duplicate(rig.answers()[1], tx);
  CHECK_THAT(rig.answers()[1].status().message(),
             EndsWith("Creator [" + to_hex(rig.creator()) + "]"));
  if (kind == Kind::kSubmit) CHECK(rig.answers()[1].submit().transaction_id() == tx);
  CHECK(rig.shim.last().SerializeAsString() == begun);
}

TEST_CASE("a transaction that runs is refused, by every process of the chaincode",
          "[gateway][row-306]") {
  NonceRig rig;
  static_cast<void>(rig.chaincode.ready_shim("basic:1.0"));
  const std::string tx = rig.expected_id();
  rig.request(rig.asked(Kind::kSubmit, 1));
  rig.request(rig.asked(GENERATE(Kind::kEvaluate, Kind::kEndorse, Kind::kSubmit), 2));
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 2);
  check_duplicate(rig.answers()[0], tx);
}

TEST_CASE("a transaction that waits for its block is refused", "[gateway]") {
  NonceRig rig;
  const std::string tx = rig.expected_id();
  SECTION("another submit of it") {
    rig.request(rig.asked(Kind::kSubmit, 1));
    rig.write_and_complete("k");
    rig.request(rig.asked(Kind::kSubmit, 2));
    rig.write_and_complete("k");
  }
  SECTION("what was endorsed before") {
    rig.request(rig.asked(Kind::kEndorse, 3));
    rig.write_and_complete("k");
    ccbus::ClientRequest prepared;
    prepared.set_correlation_id(2);
    *prepared.mutable_submit()->mutable_prepared_transaction() =
        rig.answers()[0].endorse().prepared_transaction();
    rig.answers().clear();
    rig.request(rig.asked(Kind::kSubmit, 1));
    rig.write_and_complete("k");
    rig.request(prepared);
  }
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 2);
  check_duplicate(rig.answers()[0], tx);
  CHECK(rig.orderer.held.size() == 1);
  rig.cut_block();
  REQUIRE(rig.answers().size() == 2);
  CHECK(rig.answers()[1].correlation_id() == 1);
  CHECK(rig.answers()[1].submit().validation_code() == protos::VALID);
}

TEST_CASE("a nonce can be used again after a transaction that was not ordered", "[gateway]") {
  NonceRig rig;
  rig.request(rig.asked(Kind::kSubmit, 1));
  rig.shim.sends(completed(rig.shim.last().txid(), 500));
  rig.answers().clear();
  rig.request(rig.asked(Kind::kSubmit, 2));
  rig.write_and_complete("k");
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].submit().validation_code() == protos::VALID);
}

}  // namespace
}  // namespace ccbus::test
