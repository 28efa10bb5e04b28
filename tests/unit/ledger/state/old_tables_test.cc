#include "service/ledger/state/old_tables.h"

#include <rocksdb/perf_context.h>
#include <rocksdb/perf_level.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "tests/support/old_tables.h"
#include "tests/support/process.h"

using namespace ccbus;
using namespace ccbus::ledger;

namespace {

// The most bytes that a look-up of an absent key reads from files.
std::uint64_t bytes_of_look_up(const Store& store) {
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
  std::uint64_t most = 0;
  for (int i = 0; i < 100; ++i) {
    rocksdb::get_perf_context()->Reset();
    const auto found = store.get(Family::kTransactions, test::old_key(i * 1'000) + "-");
    REQUIRE(found);
    CHECK_FALSE(*found);
    most = std::max(most, rocksdb::get_perf_context()->block_read_byte);
  }
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  return most;
}

struct OldDatabase {
  test::TemporaryDirectory directory;
  std::shared_ptr<Store> store;

  OldDatabase() {
    REQUIRE(Store::open({directory.path() / "ledger"}));  // Makes the families.
    test::write_old_tables(directory.path() / "ledger");
    open();
  }
  void open() {
    store.reset();
    auto opened = Store::open({directory.path() / "ledger"});
    REQUIRE(opened);
    store = std::move(*opened);
  }
  std::vector<OldTable> old_tables() {
    auto found = find_old_tables(*store);
    REQUIRE(found);
    return std::move(*found);
  }
};

}  // namespace

TEST_CASE("a look-up in a table of 6c2d166 reads its whole filter, until it is rewritten",
          "[ledger][issue-14]") {
  OldDatabase old;
  REQUIRE(old.old_tables().size() == 2);
  CHECK(bytes_of_look_up(*old.store) > 150'000);
  for (const OldTable& table : old.old_tables()) CHECK(rewrite_old_table(*old.store, table));
  CHECK(old.old_tables().empty());
  old.open();  // With an empty cache.
  CHECK(bytes_of_look_up(*old.store) < 32'000);
  CHECK(old.old_tables().empty());
}

TEST_CASE("the entries of rewritten tables stay", "[ledger][issue-14]") {
  OldDatabase old;
  for (const OldTable& table : old.old_tables()) CHECK(rewrite_old_table(*old.store, table));
  for (const Family family : {Family::kState, Family::kTransactions}) {
    const std::unique_ptr<rocksdb::Iterator> entries(
        old.store->db().NewIterator({}, old.store->family(family)));
    int number = 0;
    for (entries->SeekToFirst(); entries->Valid(); entries->Next(), ++number) {
      REQUIRE(entries->key() == test::old_key(number));
      REQUIRE(entries->value() == "value of " + test::old_key(number));
    }
    CHECK(number == test::kOldEntries);
  }
}

TEST_CASE("a table that is gone is not rewritten again", "[ledger][issue-14]") {
  OldDatabase old;
  const auto tables = old.old_tables();
  for (int i = 0; i < 2; ++i) {
    for (const OldTable& table : tables) CHECK(rewrite_old_table(*old.store, table));
  }
  CHECK(old.old_tables().empty());
}

TEST_CASE("tables of today are not old", "[ledger][issue-14]") {
  const test::TemporaryDirectory directory;
  const auto store = Store::open({directory.path()});
  REQUIRE(store);
  rocksdb::WriteBatch batch;
  for (int i = 0; i < test::kOldEntries; ++i)
    batch.Put((*store)->family(Family::kState), test::old_key(i), "v");
  REQUIRE((*store)->write(batch));
  REQUIRE((*store)->db().CompactRange({}, (*store)->family(Family::kState), nullptr, nullptr).ok());
  const auto found = find_old_tables(**store);
  REQUIRE(found);
  CHECK(found->empty());
}
