#pragma once

#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace ccbus::test {

// Tables as commit 6c2d166 wrote them: with a filter and an index of one block each.

inline constexpr int kOldEntries = 150'000;

inline std::string old_key(int number) {
  return "key" + std::to_string(1'000'000 + number);
}

inline void must_be_ok(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

// The options of 6c2d166, as far as they show in the files.
inline rocksdb::ColumnFamilyOptions options_of_6c2d166(bool has_filter) {
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

// Adds old_key(0) to old_key(kOldEntries - 1), each with "value of <key>", to the families `state`
// and `transactions` of a database that is closed, and compacts both: one table of each.
inline void write_old_tables(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  must_be_ok(rocksdb::DB::ListColumnFamilies({}, directory.string(), &names));
  const auto has_filter = [](const std::string& name) {
    return name == "state" || name == "transactions";
  };
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) {
    families.emplace_back(name, options_of_6c2d166(has_filter(name)));
  }
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  must_be_ok(rocksdb::DB::Open({}, directory.string(), families, &handles, &opened));
  const std::unique_ptr<rocksdb::DB> database(opened);
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (int entry = 0; has_filter(names[i]) && entry < kOldEntries; ++entry) {
      must_be_ok(database->Put({}, handles[i], old_key(entry), "value of " + old_key(entry)));
    }
    must_be_ok(database->CompactRange({}, handles[i], nullptr, nullptr));
    must_be_ok(database->DestroyColumnFamilyHandle(handles[i]));
  }
}

}  // namespace ccbus::test
