#include <catch2/catch.hpp>
#include <string>

#include "service/gateway/transactions/endorser.h"
#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

constexpr std::size_t kHere = gateway::Endorser::kSignedHereMax;

// As many submits as the bus thread signs by itself, and one more, which waits.
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

TEST_CASE("a few proposals are signed at once, those of a crowd by another thread", "[gateway]") {
  Crowd rig;
  CHECK(rig.started() == kHere);
  CHECK(rig.signers.jobs.size() == 1);
  rig.signers.run_all(rig.chaincode.now());
  CHECK(rig.started() == kHere + 1);
  CHECK(rig.shim.last().proposal().signature().size() > 60);
  rig.write_and_complete("k");
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == kHere + 1);
  CHECK(rig.answers()[0].submit().validation_code() == protos::VALID);
}

TEST_CASE("a transaction starts on the state of when it is signed", "[gateway]") {
  Crowd rig;
  rig.write_and_complete("k");  // The last of those that have started.
  auto block = rig.ledger.ledger().commit(std::exchange(rig.orderer.held, {}));
  REQUIRE(block.has_value());
  rig.gateway.on_block(rig.chaincode.now(), *block);
  rig.signers.run_all(rig.chaincode.now());
  rig.shim.sends(get_state(rig.shim.last().txid(), "k"));
  CHECK(rig.shim.last().payload() == "v");
}

TEST_CASE("who waits for a signature is told that the service stops", "[gateway]") {
  Crowd rig;
  SECTION("as its job is dropped") {
    rig.signers.jobs.front()->drop();
    rig.signers.jobs.clear();
  }
  SECTION("as no job is taken any more") {
    rig.signers.jobs.front()->drop();
    rig.signers.jobs.clear();
    rig.signers.full = true;
    rig.request(rig.submit(99));
    REQUIRE(rig.answers().size() == 2);
    CHECK(rig.answers()[1].correlation_id() == 99);
  }
  REQUIRE_FALSE(rig.answers().empty());
  for (const auto& answer : rig.answers()) {
    CHECK(answer.status().code() == ccbus::UNAVAILABLE);
    CHECK_THAT(answer.status().message(), Catch::Matchers::Contains("shutting down"));
  }
}

TEST_CASE("a channel that is gone by the time of the signature is named", "[gateway]") {
  Crowd rig;
  rig.channels.clear();
  rig.signers.run_all(rig.chaincode.now());
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::NOT_FOUND);
}

}  // namespace ccbus::test
