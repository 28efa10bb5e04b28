#include "service/ledger/state/old_tables.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/perf_context.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "tests/support/process.h"

using namespace ccbus;
using namespace ccbus::ledger;

namespace {

namespace fs = std::filesystem;

constexpr int kEntries = 150'000;

std::string key_of(int number) {
  return "key" + std::to_string(1'000'000 + number);
}

// The options of 6c2d166, as far as they show in the files.
rocksdb::ColumnFamilyOptions options_of_6c2d166(bool has_filter) {
  rocksdb::BlockBasedTableOptions table;
  table.cache_index_and_filter_blocks = true;
  table.format_version = 5;
  if (has_filter) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kLZ4Compression;
  options.level_compaction_dynamic_level_bytes = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// A database whose state and transactions were written, and compacted, with the old options.
void write_old_database(const fs::path& directory) {
  REQUIRE(Store::open({directory}));  // Makes the families.
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies({}, directory.string(), &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) {
    families.emplace_back(name, options_of_6c2d166(name == "state" || name == "transactions"));
  }
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  REQUIRE(rocksdb::DB::Open({}, directory.string(), families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> database(opened);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == "state" || names[i] == "transactions") {
      for (int entry = 0; entry < kEntries; ++entry) {
        REQUIRE(database->Put({}, handles[i], key_of(entry), "value of " + key_of(entry)).ok());
      }
      REQUIRE(database->CompactRange({}, handles[i], nullptr, nullptr).ok());
    }
    database->DestroyColumnFamilyHandle(handles[i]);
  }
}

// The most bytes that a look-up of an absent key reads from files.
std::uint64_t bytes_of_look_up(const Store& store) {
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
  std::uint64_t most = 0;
  for (int i = 0; i < 100; ++i) {
    rocksdb::get_perf_context()->Reset();
    const auto found = store.get(Family::kTransactions, key_of(i * 1'000) + "-");
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
    write_old_database(directory.path() / "ledger");
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
      REQUIRE(entries->key() == key_of(number));
      REQUIRE(entries->value() == "value of " + key_of(number));
    }
    CHECK(number == kEntries);
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
  for (int i = 0; i < kEntries; ++i) batch.Put((*store)->family(Family::kState), key_of(i), "v");
  REQUIRE((*store)->write(batch));
  REQUIRE((*store)->db().CompactRange({}, (*store)->family(Family::kState), nullptr, nullptr).ok());
  const auto found = find_old_tables(**store);
  REQUIRE(found);
  CHECK(found->empty());
}
