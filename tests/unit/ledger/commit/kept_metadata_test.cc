// Metadata outlive the values that they belong to, whoever knows that there are any.
#include <catch2/catch.hpp>
#include <string>

#include "service/ledger/commit/chain.h"
#include "tests/support/ledger_rig.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

void give_metadata(LedgerRig& rig, const std::string& key) {
  Simulation tx = rig.begin("metadata of " + key);
  REQUIRE(tx->set_state_metadata(kNs, key, {{"VALIDATION_PARAMETER", "policy"}}));
  rig.commit(tx);
}

bool has_metadata(LedgerRig& rig, const std::string& key) {
  const auto found = rig.ledger().snapshot()->get(kNs, key);
  REQUIRE(found);
  REQUIRE(found->has_value());
  return !(*found)->metadata.empty();
}

TEST_CASE("a new ledger knows that it has no metadata, until it has", "[ledger]") {
  LedgerRig rig;
  CHECK_FALSE(rig.ledger().snapshot()->may_have_metadata());
  rig.write({{"a", "1"}, {"b", "1"}});
  CHECK_FALSE(rig.ledger().snapshot()->may_have_metadata());
  give_metadata(rig, "absent");  // Of no key: they are dropped.
  CHECK_FALSE(rig.ledger().snapshot()->may_have_metadata());
  give_metadata(rig, "a");
  CHECK(rig.ledger().snapshot()->may_have_metadata());
  rig.close();
  REQUIRE(rig.open());
  CHECK(rig.ledger().snapshot()->may_have_metadata());
}

TEST_CASE("a value keeps its key's metadata", "[ledger]") {
  LedgerRig rig;
  rig.write({{"a", "1"}, {"b", "1"}});
  SECTION("in a later block") {
    give_metadata(rig, "a");
    rig.write({{"a", "2"}, {"b", "2"}});
  }
  SECTION("after the ledger was opened again") {
    give_metadata(rig, "a");
    rig.close();
    REQUIRE(rig.open());
    rig.write({{"a", "2"}, {"b", "2"}});
  }
  SECTION("in the block that brings the first metadata") {
    Simulation metadata = rig.begin("metadata"), value = rig.begin("value");
    REQUIRE(metadata->set_state_metadata(kNs, "a", {{"VALIDATION_PARAMETER", "policy"}}));
    REQUIRE(value->set_state(kNs, "a", "2"));
    REQUIRE(value->set_state(kNs, "b", "2"));
    rig.commit({&metadata, &value});
  }
  SECTION("in a ledger that has lost its mark, or never had it") {
    rig.tamper(Family::kMeta, std::string(kNoMetadataKey),
               [](const auto&) { return std::nullopt; });
    REQUIRE(rig.open());
    give_metadata(rig, "a");
    rig.write({{"a", "2"}, {"b", "2"}});
  }
  CHECK(rig.value_of("a") == "2");
  CHECK(has_metadata(rig, "a"));
  CHECK_FALSE(has_metadata(rig, "b"));
}

}  // namespace
