// Private data that are not what the block has the hashes of, many times over seeds: a value that
// nobody has endorsed is never read.
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "tests/support/ledger_rig.h"

namespace ccbus::test {
namespace {

constexpr int kTimes = 1'000;
constexpr const char* kColl = "coll";

// Changes the private data that are ordered with a transaction.
std::string changed(const std::string& honest, std::mt19937& chance) {
  rwset::TxPvtReadWriteSet set;
  REQUIRE(set.ParseFromString(honest));
  auto& ns = *set.mutable_ns_pvt_rwset(0);
  auto& collection = *ns.mutable_collection_pvt_rwset(0);
  kvrwset::KVRWSet writes;
  REQUIRE(writes.ParseFromString(collection.rwset()));
  auto& write = *writes.mutable_writes(0);
  switch (chance() % 9) {
    case 0: write.set_value("forged" + std::to_string(chance())); break;
    case 1: write.set_key("other" + std::to_string(chance())); break;
    case 2: write.set_is_delete(true); break;
    case 3: *writes.add_writes() = write; break;
    case 4: {
      auto& more = *writes.add_writes();
      more.set_key("more" + std::to_string(chance()));
      more.set_value("forged");
      break;
    }
    case 5: ns.set_namespace_("other"); break;
    case 6: collection.set_collection_name("other"); break;
    case 7: {
      std::string bytes = honest;
      const std::size_t at = chance() % bytes.size();
      bytes[at] = static_cast<char>(bytes[at] ^ (1u << chance() % 8));
      return bytes;
    }
    default: return honest.substr(0, chance() % honest.size());
  }
  collection.set_rwset(writes.SerializeAsString());
  return set.SerializeAsString();
}

}  // namespace

TEST_CASE("private data that do not match their hashes are never read",
          "[ledger][attacks][issue-16][row-147]") {
  LedgerRig rig;
  rig.define({{kColl, 0}, {"other", 0}});
  int forged = 0;
  int missing = 0;
  for (int i = 0; i < kTimes; ++i) {
    const std::string key = "key" + std::to_string(i);
    std::mt19937 chance(static_cast<std::uint32_t>(16 + i));
    Simulation tx = rig.begin("tx" + key);
    REQUIRE(tx->set_private_data(kNs, kColl, key, "value"));
    OrderedEnvelope envelope = rig.envelope(tx);
    envelope.private_data = changed(envelope.private_data, chance);
    REQUIRE(rig.commit_envelopes({envelope}) == std::vector{protos::VALID});
    Simulation reader = rig.begin("read");
    const auto read = reader->get_private_data(kNs, kColl, key);
    // What is there is true: a flipped bit may be one that nothing reads.
    if (!read) {
      ++missing;
    } else if (!*read || **read != "value") {
      UNSCOPED_INFO("seed " << 16 + i);
      ++forged;
    }
    for (const char* collection : {kColl, "other"}) {
      auto range = reader->get_private_data_range(kNs, collection, "more", "p");
      REQUIRE(range);
      if (!keys_of(**range).empty()) ++forged;
    }
  }
  CHECK(forged == 0);
  CHECK(missing > kTimes * 9 / 10);
}

}  // namespace ccbus::test
