#include "service/ledger/state/old_tables.h"

#include <rocksdb/metadata.h>
#include <rocksdb/options.h>
#include <rocksdb/table_properties.h>

#include <array>
#include <filesystem>

namespace ccbus::ledger {
namespace {

// Less is read about as fast as a part of it.
constexpr std::uint64_t kFeltBytes = 64u << 10;

// Blocks are not looked for by filters, and their indexes are small; meta data are few.
constexpr std::array kLookedUp = {Family::kState, Family::kTransactions, Family::kHistory,
                                  Family::kPrivateWrites, Family::kIndexes};

bool is_old(const rocksdb::TableProperties& table) {
  return table.index_partitions == 0 && table.filter_size + table.index_size >= kFeltBytes;
}

}  // namespace

Result<std::vector<OldTable>> find_old_tables(const Store& store) {
  std::vector<OldTable> found;
  for (const Family family : kLookedUp) {
    rocksdb::TablePropertiesCollection tables;  // By path.
    const auto read = store.db().GetPropertiesOfAllTables(store.family(family), &tables);
    if (!read.ok()) return store_failure(read, "cannot read the properties of the tables");
    rocksdb::ColumnFamilyMetaData layout;
    store.db().GetColumnFamilyMetaData(store.family(family), &layout);
    for (const rocksdb::LevelMetaData& level : layout.levels) {
      if (level.level == 0) continue;
      for (const rocksdb::SstFileMetaData& file : level.files) {
        const auto table = tables.find(file.db_path + file.name);
        if (table == tables.end() || !is_old(*table->second)) continue;
        found.push_back({family, file.name.substr(file.name.find_first_not_of('/')), level.level});
      }
    }
  }
  return found;
}

Result<void> rewrite_old_table(const Store& store, const OldTable& table) {
  rocksdb::CompactionOptions options;
  options.compression = rocksdb::kDisableCompressionOption;  // As the family's.
  const auto family_options = store.db().GetOptions(store.family(table.family));
  options.output_file_size_limit = family_options.target_file_size_base;
  options.max_subcompactions = 1;
  const rocksdb::Status status =
      store.db().CompactFiles(options, store.family(table.family), {table.file}, table.level);
  // RocksDB says these of a table that is gone, and of one that a compaction works on.
  if (status.ok() || status.IsInvalidArgument() || status.IsAborted()) return {};
  return store_failure(status, "cannot rewrite the table " + table.file);
}

}  // namespace ccbus::ledger
