#include "service/ledger/commit/private_writes.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "fabric/ledger/kv_rwset.pb.h"
#include "tests/support/ledger_rig.h"

namespace ccbus::test {
namespace {

constexpr const char* kColl = "coll";
constexpr const char* kOther = "other";
using Codes = std::vector<protos::TxValidationCode>;

// A channel whose block 0 defines two collections; what is in the first one expires after two
// blocks. Block 1 writes into both.
struct WritesRig : LedgerRig {
  WritesRig() {
    define({{kColl, 2}, {kOther, 0}});
    Simulation put = begin("put");
    REQUIRE(put->set_private_data(kNs, kColl, "a", "1"));
    REQUIRE(put->set_private_data(kNs, kColl, "b", "2"));
    REQUIRE(put->set_private_data(kNs, kOther, "c", "3"));
    REQUIRE(commit(put) == Codes{protos::VALID});
  }

  // What the only transaction of a block has written, as "coll: a=1 b=2; ", of the collections that
  // are wanted.
  std::string writes(std::uint64_t block, const ledger::CollectionFilter& wanted) {
    const auto read = ledger().block(block);
    const auto snapshot = ledger().whole_snapshot();
    const auto found =
        ledger::private_writes_of(**snapshot, (*read)->data().data(0), {block, 0}, wanted);
    if (!found) return found.error().message;
    std::string text;
    for (const auto& ns : found->ns_pvt_rwset()) {
      CHECK(ns.namespace_() == kNs);
      for (const auto& collection : ns.collection_pvt_rwset()) {
        kvrwset::KVRWSet set;
        REQUIRE(set.ParseFromString(collection.rwset()));
        text += collection.collection_name() + ":";
        for (const auto& write : set.writes()) {
          text += " " + write.key() + (write.is_delete() ? " deleted" : "=" + write.value());
        }
        for (const auto& write : set.metadata_writes()) text += " metadata of " + write.key();
        text += "; ";
      }
    }
    return text;
  }
  std::string writes(std::uint64_t block) {
    return writes(block, [](const std::string&, const std::string&) { return true; });
  }
};

TEST_CASE("the private writes of a transaction are those that came with it",
          "[ledger][issue-17][row-338]") {
  WritesRig rig;
  CHECK(rig.writes(1) == "coll: a=1 b=2; other: c=3; ");
  CHECK(rig.writes(0).empty());  // The definition has none.

  Simulation change = rig.begin("change");
  REQUIRE(change->set_private_data(kNs, kOther, "c", "4"));
  REQUIRE(change->delete_private_data(kNs, kColl, "b"));
  REQUIRE(rig.commit(change) == Codes{protos::VALID});
  CHECK(rig.writes(2) == "coll: b deleted; other: c=4; ");
  CHECK(rig.writes(1) == "coll: a=1 b=2; other: c=3; ");  // As it was.

  Simulation lost = rig.begin("lost");
  REQUIRE(lost->set_private_data(kNs, kOther, "d", "5"));
  OrderedEnvelope envelope = rig.envelope(lost);
  envelope.private_data.clear();
  REQUIRE(rig.commit_envelopes({envelope}) == Codes{protos::VALID});
  CHECK(rig.writes(3).empty());
}

TEST_CASE("what has expired or was purged is no private write any more", "[ledger][row-338]") {
  WritesRig rig;
  Simulation purge = rig.begin("purge");
  REQUIRE(purge->purge_private_data(kNs, kOther, "c"));
  REQUIRE(rig.commit(purge) == Codes{protos::VALID});
  CHECK(rig.writes(1) == "coll: a=1 b=2; ");
  CHECK(rig.writes(2).empty());
  while (rig.ledger().height() <= 4) rig.write({{"filler", "value"}});
  CHECK(rig.writes(1).empty());
}

TEST_CASE("of a collection that is not wanted nothing is read", "[ledger][attacks][row-338]") {
  WritesRig rig;
  std::string asked;
  CHECK(rig.writes(1, [&asked](const std::string& ns, const std::string& collection) {
    asked += ns + "/" + collection + " ";
    return collection == kOther;
  }) == "other: c=3; ");
  CHECK(asked == "basic/coll basic/other ");
  CHECK(rig.writes(1, [](const std::string&, const std::string&) { return false; }).empty());
  CHECK(rig.writes(1, [](const std::string&, const std::string&) -> Result<bool> {
    return fail(ErrorCode::kIo, "no definition can be read");
  }) == "no definition can be read");
}

}  // namespace
}  // namespace ccbus::test
