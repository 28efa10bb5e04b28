#include "service/ledger/state/storage_memory.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "service/ledger/state/store.h"

using namespace ccbus;
using namespace ccbus::ledger;

namespace {

constexpr std::size_t kBytes = 6u << 20;
constexpr std::size_t kValueBytes = 10'000;

// Databases in memory that share one StorageMemory.
struct Databases {
  std::shared_ptr<StorageMemory> memory = std::make_shared<StorageMemory>(kBytes);
  std::vector<std::shared_ptr<Store>> stores;
  int written = 0;

  explicit Databases(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto store = Store::open({.directory = std::nullopt, .memory = memory});
      REQUIRE(store);
      stores.push_back(std::move(*store));
    }
  }

  void write(Store& store, Family family) {
    rocksdb::WriteBatch batch;
    batch.Put(store.family(family), std::to_string(written++), std::string(kValueBytes, 'v'));
    REQUIRE(store.write_synced(batch));
  }
  static std::uint64_t memtable_bytes(const Store& store, Family family) {
    std::uint64_t bytes = 0;
    store.db().GetIntProperty(store.family(family), rocksdb::DB::Properties::kCurSizeActiveMemTable,
                              &bytes);
    return bytes;
  }
  std::size_t in_memtables() const {
    return memory->write_buffers()->mutable_memtable_memory_usage();
  }
};

}  // namespace

TEST_CASE("the memtables of all databases together keep to their share", "[ledger][issue-14]") {
  Databases all(3);
  for (int i = 0; i < 600; ++i) {
    all.write(*all.stores[i % 3], i % 2 == 0 ? Family::kBlocks : Family::kState);
    CHECK(all.in_memtables() <= all.memory->memtable_bytes_max() + 2 * kValueBytes);
  }
  CHECK(all.in_memtables() > all.memory->memtable_bytes_max() / 4);
}

TEST_CASE("the largest memtable is flushed, also one of a database that has gone quiet",
          "[ledger][issue-14]") {
  Databases all(2);
  Store& quiet = *all.stores[0];
  Store& busy = *all.stores[1];
  while (all.in_memtables() < all.memory->memtable_bytes_max() * 2 / 3) {
    all.write(quiet, Family::kBlocks);
  }
  const std::uint64_t before = all.memtable_bytes(quiet, Family::kBlocks);
  const std::uint64_t empty = all.memtable_bytes(busy, Family::kHistory);
  for (int i = 0; all.memtable_bytes(quiet, Family::kBlocks) == before; ++i) {
    REQUIRE(i < 200);
    all.write(busy, Family::kState);
  }
  CHECK(all.memtable_bytes(quiet, Family::kBlocks) <= empty + kValueBytes);
  CHECK(all.memtable_bytes(busy, Family::kState) > 10 * kValueBytes);  // It was left alone.
}

TEST_CASE("memtables are charged to the cache, and a closed database gives its memory back",
          "[ledger][issue-14]") {
  Databases all(2);
  for (int i = 0; i < 100; ++i) all.write(*all.stores[0], Family::kState);
  CHECK(all.memory->block_cache()->GetPinnedUsage() >= 100 * kValueBytes);
  all.stores.erase(all.stores.begin());
  CHECK(all.memory->block_cache()->GetPinnedUsage() < 100 * kValueBytes);
  // The other one goes on alone.
  for (int i = 0; i < 600; ++i) all.write(*all.stores[0], Family::kState);
  CHECK(all.in_memtables() <= all.memory->memtable_bytes_max() + 2 * kValueBytes);
}
