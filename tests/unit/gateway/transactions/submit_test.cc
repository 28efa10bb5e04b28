#include "service/gateway/transactions/submit.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

// The last transaction reads a key, writes it and completes with status 200.
void read_and_write(GatewayRig& rig, const std::string& key) {
  rig.shim.sends(get_state(rig.shim.last().txid(), key));
  rig.write_and_complete(key);
}

ccbus::ClientRequest retried(const GatewayRig& rig, std::uint64_t id, std::uint32_t retries) {
  auto request = rig.submit(id);
  request.mutable_submit()->set_retries(retries);
  return request;
}

TEST_CASE("a conflict names the key and both versions, in the text and in the message",
          "[gateway][issue-3]") {
  GatewayRig rig;
  rig.commit("k");
  rig.request(rig.submit(1));
  read_and_write(rig, "k");
  rig.request(rig.submit(2));
  read_and_write(rig, "k");
  rig.cut_block();
  REQUIRE(rig.answers().size() == 3);
  const ccbus::ClientResponse& loser = rig.answers()[2];
  CHECK(loser.status().code() == ccbus::ABORTED);
  CHECK_THAT(loser.status().message(), Contains("key 'k' of namespace 'basic' was read at version "
                                                "(0,0), and is at version (1,0) now"));
  CHECK(loser.submit().validation_code() == protos::MVCC_READ_CONFLICT);
  CHECK(loser.submit().conflict().namespace_() == "basic");
  CHECK(loser.submit().conflict().key() == "k");
  CHECK(loser.submit().conflict().read().block_num() == 0);
  CHECK(loser.submit().conflict().committed().block_num() == 1);
}

TEST_CASE("a conflict is run again on the new state with a new id, and retries are counted",
          "[gateway][issue-3]") {
  GatewayRig rig;
  rig.request(retried(rig, 1, 2));
  const std::string first = rig.shim.last().txid();
  read_and_write(rig, "k");
  rig.orderer.held.clear();  // Another transaction will be in the block before it.
  rig.request(rig.submit(2));
  read_and_write(rig, "k");
  rig.request(retried(rig, 3, 2));
  const std::string before = rig.shim.last().txid();
  read_and_write(rig, "k");
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);  // Of the transaction that was valid.
  CHECK(rig.shim.last().txid() != before);
  CHECK(rig.shim.last().type() == ChaincodeMessage::TRANSACTION);
  read_and_write(rig, "k");
  rig.cut_block();
  REQUIRE(rig.answers().size() == 2);
  CHECK(rig.answers()[1].correlation_id() == 3);
  CHECK(rig.answers()[1].submit().validation_code() == protos::VALID);
  CHECK(rig.answers()[1].submit().retries() == 1);
  CHECK(rig.answers()[1].submit().transaction_id() != before);
  CHECK(first != before);
  rig.gateway.shutdown();
}

TEST_CASE("retries end, and the last conflict is reported", "[gateway]") {
  GatewayRig rig;
  rig.request(retried(rig, 7, 2));
  for (int attempt = 0; attempt < 3; ++attempt) {
    read_and_write(rig, "k");
    auto held = std::exchange(rig.orderer.held, {});
    rig.commit("k");  // Another write of the key, which causes the conflict.
    rig.answers().clear();
    rig.orderer.held = std::move(held);
    rig.cut_block();
  }
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 7);
  CHECK(rig.answers()[0].status().code() == ccbus::ABORTED);
  CHECK(rig.answers()[0].submit().retries() == 2);
  CHECK(rig.counters.get(Counter::kSubmitsRetried) == 2);
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("retries above the limit, or without waiting for the outcome, are refused", "[gateway]") {
  GatewayRig rig;
  auto request = retried(rig, 1, 4);
  SECTION("the limit") {
    rig.request(request);
    CHECK(rig.answers().back().status().message() ==
          "4 retries exceed the limit of 3 (limits.retries)");
  }
  SECTION("without an outcome") {
    request.mutable_submit()->set_retries(1);
    request.mutable_submit()->set_until(ccbus::SubmitRequest::ORDERED);
    rig.request(request);
    CHECK_THAT(rig.answers().back().status().message(), Contains("do not go with ORDERED"));
  }
  CHECK(rig.answers().back().status().code() == ccbus::INVALID_ARGUMENT);
  CHECK(rig.orderer.held.empty());
}

TEST_CASE("a submit that does not wait is answered when the transaction is ordered", "[gateway]") {
  GatewayRig rig;
  auto request = rig.submit(1);
  request.mutable_submit()->set_until(ccbus::SubmitRequest::ORDERED);
  rig.request(request);
  rig.write_and_complete("k");
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::OK);
  CHECK(rig.answers()[0].submit().validation_code() == protos::NOT_VALIDATED);
  CHECK(rig.answers()[0].submit().result().payload() == "result");
  rig.cut_block();
  CHECK(rig.answers().size() == 1);
  CHECK(rig.ledger.value_of("k") == "v");
}

}  // namespace
}  // namespace ccbus::test
