#include "service/ledger/block/private_rwset.h"

#include <catch2/catch.hpp>

#include "service/base/sha256.h"
#include "service/ledger/block/rwset.h"

using namespace ccbus;
using namespace ccbus::ledger;

namespace {

kvrwset::HashedRWSet hashed(const CollectionRwset& set) {
  kvrwset::HashedRWSet parsed;
  REQUIRE(parsed.ParseFromString(set.build_hashed("coll").hashed_rwset()));
  return parsed;
}

kvrwset::KVRWSet plain(const CollectionRwset& set) {
  kvrwset::KVRWSet parsed;
  REQUIRE(parsed.ParseFromString(set.build_private("coll").rwset()));
  return parsed;
}

}  // namespace

TEST_CASE("a collection that was only read has hashed reads and no hash of writes", "[ledger]") {
  CollectionRwset set;
  set.add_read("present", Version{2, 1});
  set.add_read("present", Version{9, 9});
  set.add_read("absent", std::nullopt);
  CHECK_FALSE(set.has_writes());
  CHECK(set.build_hashed("coll").collection_name() == "coll");
  CHECK(set.build_hashed("coll").pvt_rwset_hash().empty());
  const kvrwset::HashedRWSet out = hashed(set);
  REQUIRE(out.hashed_reads_size() == 2);
  CHECK(out.hashed_reads(0).key_hash() == sha256({"absent"}));
  CHECK_FALSE(out.hashed_reads(0).has_version());
  CHECK(out.hashed_reads(1).key_hash() == sha256({"present"}));
  CHECK(out.hashed_reads(1).version().block_num() == 2);
}

TEST_CASE("writes stand in hashes and in plain, in order of the keys", "[ledger]") {
  CollectionRwset set;
  set.add_write("c", "value");
  set.add_write("a", "first");
  set.add_write("a", "");
  set.add_purge("b");
  const kvrwset::HashedRWSet out = hashed(set);
  REQUIRE(out.hashed_writes_size() == 3);
  CHECK(out.hashed_writes(0).key_hash() == sha256({"a"}));
  CHECK(out.hashed_writes(0).is_delete());
  CHECK_FALSE(out.hashed_writes(0).is_purge());
  CHECK(out.hashed_writes(0).value_hash().empty());
  CHECK(out.hashed_writes(1).is_delete());
  CHECK(out.hashed_writes(1).is_purge());
  CHECK(out.hashed_writes(2).value_hash() == sha256({"value"}));
  const kvrwset::KVRWSet writes = plain(set);
  REQUIRE(writes.writes_size() == 3);
  CHECK(writes.writes(0).key() == "a");
  CHECK(writes.writes(0).is_delete());
  CHECK(writes.writes(1).is_delete());
  CHECK(writes.writes(2).value() == "value");
  CHECK(set.build_hashed("coll").pvt_rwset_hash() == sha256({set.build_private("coll").rwset()}));
}

TEST_CASE("new metadata leave only the key among the private writes", "[ledger]") {
  CollectionRwset set;
  set.add_metadata_write("key", {{"policy", "anyone"}});
  CHECK(set.has_writes());
  REQUIRE(hashed(set).metadata_writes_size() == 1);
  CHECK(hashed(set).metadata_writes(0).key_hash() == sha256({"key"}));
  CHECK(hashed(set).metadata_writes(0).entries(0).value() == "anyone");
  REQUIRE(plain(set).metadata_writes_size() == 1);
  CHECK(plain(set).metadata_writes(0).key() == "key");
  CHECK(plain(set).metadata_writes(0).entries_size() == 0);
}

TEST_CASE("a hashed write deletes by its flag, without a hash, or with the hash of no bytes",
          "[ledger]") {
  kvrwset::KVWriteHash write;
  CHECK(is_delete(write));
  write.set_value_hash(sha256({""}));
  CHECK(is_delete(write));
  write.set_value_hash(sha256({"value"}));
  CHECK_FALSE(is_delete(write));
  write.set_is_delete(true);
  CHECK(is_delete(write));
}
