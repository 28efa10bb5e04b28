#include <catch2/catch.hpp>
#include <string>

#include "service/gateway/transactions/prepared_transactions.h"
#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

// Endorses a transaction that writes `key`, and returns the prepared transaction.
common::Envelope endorsed(GatewayRig& rig, std::uint64_t id, const std::string& key) {
  ccbus::ClientRequest request;
  request.set_correlation_id(id);
  *request.mutable_endorse()->mutable_invocation() = rig.submit(id).submit().invocation();
  rig.request(request);
  rig.write_and_complete(key);
  return rig.answers().back().endorse().prepared_transaction();
}

ccbus::ClientRequest submit(std::uint64_t id, const common::Envelope& prepared) {
  ccbus::ClientRequest request;
  request.set_correlation_id(id);
  *request.mutable_submit()->mutable_prepared_transaction() = prepared;
  return request;
}

TEST_CASE("an endorsed transaction is ordered when it is submitted, and not before",
          "[gateway][issue-3]") {
  GatewayRig rig;
  const auto prepared = endorsed(rig, 1, "k");
  REQUIRE(rig.answers().size() == 1);
  const std::string tx = rig.answers()[0].endorse().transaction_id();
  CHECK(rig.answers()[0].endorse().result().payload() == "result");
  CHECK(rig.orderer.held.empty());

  rig.request(submit(2, prepared));
  rig.cut_block();
  REQUIRE(rig.answers().size() == 2);
  CHECK(rig.answers()[1].submit().transaction_id() == tx);
  CHECK(rig.answers()[1].submit().validation_code() == protos::VALID);
  CHECK(rig.answers()[1].submit().result().payload() == "result");
  CHECK(rig.ledger.value_of("k") == "v");

  SECTION("a second time it is refused") {
    rig.request(submit(3, prepared));
    CHECK(rig.answers()[2].status().code() == ccbus::NOT_FOUND);
    CHECK_THAT(rig.answers()[2].status().message(), Contains("was submitted before"));
  }
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("a client may sign what was endorsed, and may not change it", "[gateway]") {
  GatewayRig rig;
  auto prepared = endorsed(rig, 1, "k");
  SECTION("a signature goes into the block") {
    prepared.set_signature("signed");
    rig.request(submit(2, prepared));
    REQUIRE(rig.orderer.held.size() == 1);
    common::Envelope ordered;
    CHECK(ordered.ParseFromString(rig.orderer.held[0].bytes));
    CHECK(ordered.signature() == "signed");
    rig.gateway.shutdown();
  }
  SECTION("another payload does not") {
    common::Payload payload;
    REQUIRE(payload.ParseFromString(prepared.payload()));
    payload.set_data(payload.data() + "x");
    prepared.set_payload(payload.SerializeAsString());
    rig.request(submit(2, prepared));
    CHECK(rig.answers().back().status().code() == ccbus::FAILED_PRECONDITION);
    CHECK(rig.orderer.held.empty());
  }
  SECTION("nor do bytes that are no transaction") {
    prepared.set_payload("nonsense");
    rig.request(submit(2, prepared));
    CHECK(rig.answers().back().status().code() == ccbus::INVALID_ARGUMENT);
  }
}

TEST_CASE("a transaction that could not be ordered can be submitted again", "[gateway]") {
  GatewayRig rig;
  const auto prepared = endorsed(rig, 1, "k");
  rig.orderer.full = true;
  rig.request(submit(2, prepared));
  CHECK(rig.answers().back().status().code() == ccbus::RESOURCE_EXHAUSTED);
  rig.orderer.full = false;
  rig.request(submit(3, prepared));
  rig.cut_block();
  CHECK(rig.answers().back().submit().validation_code() == protos::VALID);
}

TEST_CASE("a failed submit does not extend the time that a transaction is kept", "[gateway]") {
  GatewayRig rig;
  const auto prepared = endorsed(rig, 1, "k");
  rig.advance(40s);
  rig.orderer.full = true;
  rig.request(submit(2, prepared));
  rig.advance(20s);
  rig.orderer.full = false;
  rig.request(submit(3, prepared));
  CHECK(rig.answers().back().status().code() == ccbus::NOT_FOUND);
}

TEST_CASE("endorsed transactions are kept for a limited time and in a limited number",
          "[gateway]") {
  GatewayRig rig;  // It keeps three transactions, of one client two, for a minute.
  const auto first = endorsed(rig, 1, "a");
  endorsed(rig, 2, "b");
  endorsed(rig, 3, "c");
  CHECK(rig.answers().back().status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK_THAT(rig.answers().back().status().message(),
             Contains("2 transactions of the client are endorsed and wait for Submit, and there is "
                      "room for only 1 more (limits.preparedTransactions)"));
  CHECK_FALSE(rig.answers().back().endorse().has_prepared_transaction());
  CHECK(rig.counters.get(Counter::kClientRequestsExhausted) == 1);
  rig.advance(60s);
  rig.request(submit(4, first));
  CHECK(rig.answers().back().status().code() == ccbus::NOT_FOUND);
  CHECK_THAT(rig.answers().back().status().message(), Contains("is older than 60 s"));
  CHECK(endorsed(rig, 5, "d").payload().size() > 0);
}

TEST_CASE("an error response of a chaincode is not endorsed and is returned whole", "[gateway]") {
  GatewayRig rig;
  ccbus::ClientRequest request;
  *request.mutable_endorse()->mutable_invocation() = rig.submit(1).submit().invocation();
  rig.request(request);
  rig.shim.sends(completed(rig.shim.last().txid(), 500, "why"));
  CHECK(rig.answers().back().status().code() == ccbus::ABORTED);
  CHECK(rig.answers().back().status().details(0).message() == "chaincode response 500, ");
  CHECK(rig.answers().back().endorse().result().payload() == "why");
  CHECK_FALSE(rig.answers().back().endorse().has_prepared_transaction());
}

}  // namespace
}  // namespace ccbus::test
