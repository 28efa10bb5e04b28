#include "service/ledger/validate/block_updates.h"

#include <catch2/catch.hpp>

#include "service/base/sha256.h"
#include "service/ledger/state/derived_namespace.h"
#include "tests/support/map_state_view.h"

using namespace ccbus;
using namespace ccbus::ledger;
using test::MapStateView;

namespace {

constexpr const char* kNs = "ns";
constexpr Version kOld{1, 0};
constexpr Version kNew{2, 3};

std::string metadata(const std::string& value) {
  kvrwset::KVMetadataWrite write;
  kvrwset::KVMetadataEntry& entry = *write.add_entries();
  entry.set_name("VALIDATION_PARAMETER");
  entry.set_value(value);
  return write.SerializeAsString();
}

MapStateView one_key() {
  return MapStateView({{{kNs, "key"}, {"old", metadata("policy1"), kOld}}});
}

struct Writes {
  TxRwset rwset{1};

  Writes() { rwset[0].ns = kNs; }

  Writes& value(const std::string& key, const std::string& value) {
    kvrwset::KVWrite& write = *rwset[0].kv.add_writes();
    write.set_key(key);
    write.set_value(value);
    return *this;
  }
  Writes& policy(const std::string& key, const std::string& encoded) {
    kvrwset::KVMetadataWrite& write = *rwset[0].kv.add_metadata_writes();
    REQUIRE(write.ParseFromString(encoded));
    write.set_key(key);
    return *this;
  }
};

BlockUpdates apply(const Writes& writes, const StateView& below) {
  BlockUpdates updates;
  REQUIRE(updates.apply(writes.rwset, kNew, below));
  return updates;
}

std::vector<std::string> keys_of(const BlockUpdates& updates, const StateView& below,
                                 const std::string& start, const std::string& end) {
  auto cursor = updates.range_over(below, kNs, start, end);
  REQUIRE(cursor);
  std::vector<std::string> keys;
  for (auto entry = (*cursor)->next(); *entry; entry = (*cursor)->next()) {
    keys.emplace_back((*entry)->key);
  }
  CHECK_FALSE((*cursor)->next()->has_value());
  return keys;
}

}  // namespace

TEST_CASE("a value and its metadata change each for itself", "[ledger][row-142]") {
  const MapStateView below = one_key();

  const BlockUpdates value_only = apply(Writes().value("key", "new"), below);
  const VersionedValue& valued = **value_only.find(kNs, "key");
  CHECK(valued.value == "new");
  CHECK(valued.metadata == metadata("policy1"));
  CHECK(valued.version == kNew);

  const BlockUpdates policy_only = apply(Writes().policy("key", metadata("policy2")), below);
  const VersionedValue& governed = **policy_only.find(kNs, "key");
  CHECK(governed.value == "old");
  CHECK(governed.metadata == metadata("policy2"));
  CHECK(governed.version == kNew);

  const BlockUpdates both =
      apply(Writes().value("key", "new").policy("key", metadata("policy2")), below);
  CHECK((*both.find(kNs, "key"))->value == "new");
  CHECK((*both.find(kNs, "key"))->metadata == metadata("policy2"));

  const BlockUpdates removed = apply(Writes().policy("key", ""), below);
  CHECK((*removed.find(kNs, "key"))->value == "old");
  CHECK((*removed.find(kNs, "key"))->metadata.empty());
}

TEST_CASE("metadata of an absent key are dropped", "[ledger][row-142]") {
  const MapStateView below = one_key();
  CHECK(apply(Writes().policy("absent", metadata("policy")), below).find(kNs, "absent") == nullptr);
  const BlockUpdates deleted =
      apply(Writes().value("key", "").policy("key", metadata("policy2")), below);
  CHECK_FALSE(deleted.find(kNs, "key")->has_value());
}

TEST_CASE("a write without a value deletes, also without the flag", "[ledger][row-143]") {
  const MapStateView below = one_key();
  const BlockUpdates updates = apply(Writes().value("key", ""), below);
  REQUIRE(updates.find(kNs, "key") != nullptr);
  CHECK_FALSE(updates.find(kNs, "key")->has_value());
}

TEST_CASE("a range over updates shows them in place of what they replace", "[ledger]") {
  const MapStateView below({{{kNs, "b"}, {"v", "", kOld}},
                            {{kNs, "d"}, {"v", "", kOld}},
                            {{kNs, "f"}, {"v", "", kOld}}});
  const BlockUpdates updates =
      apply(Writes().value("a", "n").value("b", "").value("d", "n").value("g", "n"), below);
  using Keys = std::vector<std::string>;
  CHECK(keys_of(updates, below, "", "") == Keys{"a", "d", "f", "g"});
  CHECK(keys_of(updates, below, "b", "f") == Keys{"d"});
  CHECK(keys_of(updates, below, "f", "b").empty());
  CHECK(keys_of(BlockUpdates(), below, "", "") == Keys{"b", "d", "f"});
}

TEST_CASE("hashes follow the rules of values", "[ledger][row-142][row-143]") {
  const std::string ns = hash_namespace(kNs, "coll");
  const std::string key_hash(32, 'k');
  const MapStateView below({{{ns, key_hash}, {"old", metadata("policy1"), kOld}}});
  const auto after = [&](const std::string& value_hash, bool with_policy) {
    Writes writes;
    HashedCollection& collection = writes.rwset[0].collections.emplace_back();
    collection.name = "coll";
    if (!value_hash.empty()) {
      kvrwset::KVWriteHash& write = *collection.hashed.add_hashed_writes();
      write.set_key_hash(key_hash);
      write.set_value_hash(value_hash);
    }
    if (with_policy) collection.hashed.add_metadata_writes()->set_key_hash(key_hash);
    return *apply(writes, below).find(ns, key_hash);
  };
  const std::string new_hash(32, 'v');
  CHECK(after(new_hash, false)->value == new_hash);
  CHECK(after(new_hash, false)->metadata == metadata("policy1"));
  CHECK(after("", true)->value == "old");
  CHECK(after("", true)->metadata.empty());
  CHECK(after("", true)->version == kNew);
  CHECK_FALSE(after(sha256({}), false).has_value());
}
