#include "service/ledger/commit/capability_record.h"

#include <catch2/catch.hpp>

#include "tests/support/ledger_rig.h"
#include "tests/support/transaction_parts.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

constexpr Capabilities::Since kFromStart{Capability::kFirstOfId, 0};

// Two transactions of one id that cannot be valid, in one block.
std::vector<OrderedEnvelope> two_of_one_id(const std::string& name) {
  RwsetBuilder nothing;
  TransactionParts broken(kChannel, name, nothing.build());
  broken.raw_proposal_hash = "another";
  TransactionParts without_results = broken;
  without_results.raw_proposal_hash.reset();
  without_results.raw_action = "no action";
  return {broken.envelope(), without_results.envelope()};
}

std::uint32_t number_on_record(LedgerRig& rig, const std::string& name) {
  const auto record = rig.ledger().transaction(tx_id_of(name));
  REQUIRE(record);
  REQUIRE(*record);
  return (*record)->tx_num;
}

void without_capabilities(LedgerRig& rig) {
  rig.tamper(Family::kMeta, std::string(kCapabilitiesKey),
             [](const auto&) { return std::nullopt; });
}

}  // namespace

TEST_CASE("capabilities are read as they were recorded", "[ledger][issue-14]") {
  const Capabilities capabilities({{Capability::kFirstOfId, 7}});
  const auto read = decode_capabilities(encode_capabilities(capabilities));
  REQUIRE(read);
  CHECK(*read == capabilities);
  CHECK(read->of(6) == Capability::kNone);
  CHECK(read->of(7) == Capability::kFirstOfId);
  CHECK(read->of(8) == Capability::kFirstOfId);
  CHECK(decode_capabilities(std::nullopt)->newest() == Capability::kNone);
}

TEST_CASE("damaged capabilities are refused", "[ledger][issue-14]") {
  const std::string one = encode_capabilities(Capabilities({kFromStart}));
  for (const std::string& damaged :
       {std::string(), one.substr(1), one + one, std::string(one.size(), '\0')}) {
    const auto read = decode_capabilities(damaged);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::kCorrupt);
  }
}

TEST_CASE("a new ledger has the newest capability from its first block", "[ledger][issue-14]") {
  LedgerRig rig;
  CHECK(rig.ledger().capabilities() == Capabilities({{kNewestCapability, 0}}));
  rig.close();
  REQUIRE(rig.open());
  CHECK(rig.ledger().capabilities() == Capabilities({{kNewestCapability, 0}}));
}

TEST_CASE("a ledger without capabilities gets the newest one with its next block",
          "[ledger][issue-14]") {
  LedgerRig rig;
  rig.write({{"a", "1"}});
  rig.write({{"a", "2"}});
  without_capabilities(rig);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(rig.open());
    CHECK(rig.ledger().capabilities() == Capabilities({{kNewestCapability, 2}}));
    rig.write({{"a", std::to_string(3 + i)}});
    rig.close();
  }
}

TEST_CASE("a block is recorded by the rules of its capability", "[ledger][issue-14]") {
  LedgerRig rig;
  rig.commit_envelopes(two_of_one_id("first"));
  CHECK(number_on_record(rig, "first") == 0);

  ChannelLedger::Options options = rig.options();
  options.directory = "/other";
  options.capabilities =
      Capabilities({{Capability::kFirstOfId, 1}, {Capability::kEndorsements, 2}});
  LedgerRig older(options);
  older.commit_envelopes(two_of_one_id("last"));
  CHECK(number_on_record(older, "last") == 1);
  older.commit_envelopes(two_of_one_id("first"));
  CHECK(number_on_record(older, "first") == 0);
}

TEST_CASE("a ledger of a newer version is refused with both capabilities", "[ledger][issue-14]") {
  LedgerRig rig;
  rig.tamper(Family::kMeta, std::string(kCapabilitiesKey), [](const auto&) {
    return encode_capabilities(Capabilities({kFromStart, {static_cast<Capability>(9), 3}}));
  });
  const auto opened = rig.open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::kInvalid);
  CHECK_THAT(opened.error().message,
             Catch::Contains("capability 9") && Catch::Contains("none above 2"));
}
