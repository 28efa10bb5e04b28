#include <catch2/catch.hpp>
#include <string>

#include "service/gateway/transactions/endorser.h"
#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

constexpr std::size_t kHere = gateway::Endorser::kSignedHereMax;

// As many submits as the bus thread signs itself, and one more, whose proposal waits for a signer.
struct Crowd : GatewayRig {
  Crowd() {
    signing_is_slow = true;
    for (std::uint64_t id = 1; id <= kHere + 1; ++id) request(submit(id));
  }

  [[nodiscard]] std::size_t started() const {
    return static_cast<std::size_t>(
        std::ranges::count(shim.types(), ChaincodeMessage::TRANSACTION));
  }
};

}  // namespace

TEST_CASE("the first few proposals are signed at once, further ones by another thread",
          "[gateway]") {
  Crowd rig;
  CHECK(rig.started() == kHere);
  CHECK(rig.chaincode.signers().waiting.size() == 1);
  rig.sign();
  CHECK(rig.started() == kHere + 1);
  CHECK(rig.shim.last().proposal().signature().size() > 60);
  rig.write_and_complete("k");
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == kHere + 1);
  CHECK(rig.answers()[0].submit().validation_code() == protos::VALID);
}

TEST_CASE("without signatures no proposal waits for a signer, and the rest of it is whole",
          "[gateway][issue-14]") {
  GatewayRig rig(100, LedgerRig(), GatewayRig::Signatures::kEmpty);
  rig.signing_is_slow = true;
  for (std::uint64_t id = 1; id <= kHere + 2; ++id) {
    rig.request(rig.submit(id));
    CHECK(rig.shim.last().type() == ChaincodeMessage::TRANSACTION);
    CHECK(rig.shim.last().proposal().signature().empty());
    CHECK_FALSE(rig.shim.last().proposal().proposal_bytes().empty());
  }
  CHECK(rig.chaincode.signers().waiting.empty());
  rig.write_and_complete("k");
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].submit().validation_code() == protos::VALID);
}

TEST_CASE("a transaction runs on the state at the time when its signing began", "[gateway]") {
  Crowd rig;
  rig.write_and_complete("k");  // The last of those that have started.
  auto block =
      rig.ledger.ledger().commit(rig.ledger.next_batch(std::exchange(rig.orderer.held, {})));
  REQUIRE(block.has_value());
  rig.gateway.on_block(rig.chaincode.now(), *block);
  rig.sign();
  rig.shim.sends(get_state(rig.shim.last().txid(), "k"));
  CHECK(rig.shim.last().payload().empty());
}

TEST_CASE("after an overload nothing is signed for what has expired, and a new request is next",
          "[gateway]") {
  GatewayRig rig(10'000);
  rig.signing_is_slow = true;
  for (std::uint64_t id = 1; id <= kHere + 1'000; ++id) rig.request(rig.submit(id));
  CHECK(rig.chaincode.signers().waiting.size() == 1'000);
  rig.advance(30s);  // Signed or not, all have expired.
  CHECK(rig.answers().size() == kHere + 1'000);
  CHECK(rig.gateway.requests_open() == 0);
  const std::size_t sent = rig.shim.received().size();
  for (std::uint64_t id = 1; id <= kHere + 1; ++id) rig.request(rig.submit(10'000 + id));
  rig.sign();
  CHECK(rig.chaincode.signers().skipped == 1'000);
  CHECK(rig.shim.received().size() == sent + kHere + 1);  // No TRANSACTION of an expired one.
  rig.write_and_complete("k");
  rig.cut_block();
  CHECK(rig.answers().back().correlation_id() == 10'000 + kHere + 1);
  CHECK(rig.answers().back().status().code() == ccbus::OK);
}

TEST_CASE("nothing is signed for a transaction whose handler has ended", "[gateway]") {
  Crowd rig;
  rig.shim.disappears();
  CHECK(rig.answers().size() == kHere + 1);
  rig.sign();
  CHECK(rig.chaincode.signers().skipped == 1);
}

TEST_CASE("transactions that wait for a signature end with UNAVAILABLE at shutdown", "[gateway]") {
  Crowd rig;
  rig.chaincode.engine().shutdown(rig.chaincode.now());
  rig.sign();  // Too late: it has no effect.
  const auto& last = rig.answers().back();
  CHECK(last.correlation_id() == kHere + 1);
  CHECK(last.status().code() == ccbus::UNAVAILABLE);
  CHECK_THAT(last.status().message(), Catch::Matchers::Contains("shutting down"));
  CHECK(rig.answers().size() == kHere + 1);
}

TEST_CASE("a transaction that no signer has room for is refused", "[gateway]") {
  Crowd rig;
  rig.chaincode.signers().full = true;
  rig.request(rig.submit(99));
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 99);
  CHECK(rig.answers()[0].status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK_THAT(rig.answers()[0].status().message(),
             Catch::Matchers::Contains("too many proposals are waiting to be signed"));
}

TEST_CASE("a submit whose channel was reset during the signing ends with UNAVAILABLE",
          "[gateway]") {
  Crowd rig;
  rig.channels.clear();
  rig.sign();
  rig.write_and_complete("k");
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::UNAVAILABLE);
  CHECK(rig.answers()[0].status().message() == "the channel was reset");
}

}  // namespace ccbus::test
