#include "service/ledger/state/database_options.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <array>
#include <string>
#include <utility>

namespace ccbus::ledger {
namespace {

constexpr std::size_t kMiB = 1u << 20;

// By Family.
constexpr std::array<const char*, kFamilies> kNames = {
    "default", "state", "blocks", "transactions", "history", "private", "expiry", "indexes"};

// What a start after a crash reads again.
constexpr std::size_t kLogBytes = 64 * kMiB;

// A start reads it too; beyond this size a new one is begun with what is valid.
constexpr std::size_t kManifestBytes = 8 * kMiB;

// One flushes, two compact: the tables of one family may take long, those of another go on.
constexpr int kBackgroundJobs = 3;

// Of each file that is being written, also of every channel's log.
constexpr std::size_t kFileBufferBytes = 128u << 10;

// A memtable takes memory in these pieces. Every channel has several memtables, most of them small.
constexpr std::size_t kArenaBlockBytes = 16u << 10;
constexpr double kMemtableFilterBytes = 16u << 10;

// Of one family. With RocksDB's two, writes stop whenever a memtable is full before the one before
// it is in a table; how much all of them take is bounded by StorageMemory.
constexpr int kMemtablesPerFamily = 6;

constexpr int kFilterBitsPerKey = 10;
constexpr std::size_t kBlockOfBlocksBytes = 32u << 10;  // The ledger's blocks are read whole.

rocksdb::BlockBasedTableOptions table_options(const StorageMemory& memory) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = memory.block_cache();
  table.format_version = 5;
  // In parts of 4 KiB, of which the ones that are used are in the cache, and one small block that
  // says which part holds a key.
  table.cache_index_and_filter_blocks = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.pin_top_level_index_and_filter = true;
  return table;
}

// For keys that arrive in any order and are looked for all the time.
void look_up_by_filter(rocksdb::ColumnFamilyOptions& options,
                       rocksdb::BlockBasedTableOptions& table) {
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  options.memtable_prefix_bloom_size_ratio =
      kMemtableFilterBytes / static_cast<double>(options.write_buffer_size);
  options.memtable_whole_key_filtering = true;
}

void compact_in_levels(rocksdb::ColumnFamilyOptions& options) {
  options.level_compaction_dynamic_level_bytes = true;
  options.max_bytes_for_level_base = 64 * kMiB;
  options.target_file_size_base = 16 * kMiB;
}

// For families that only grow: an entry is rewritten when there is about as much new as old, and
// not each time that a level above it is full.
void compact_in_tiers(rocksdb::ColumnFamilyOptions& options) {
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.compaction_options_universal.size_ratio = 20;  // Percent.
  options.target_file_size_base = 32 * kMiB;
}

rocksdb::ColumnFamilyOptions family_options(Family family, const StorageMemory& memory) {
  rocksdb::BlockBasedTableOptions table = table_options(memory);
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = memory.memtable_bytes_max();  // StorageMemory flushes before.
  options.arena_block_size = kArenaBlockBytes;
  options.max_write_buffer_number = kMemtablesPerFamily;
  options.ttl = 0;  // Nothing is rewritten for its age.
  switch (family) {
    case Family::kState:
      look_up_by_filter(options, table);
      compact_in_levels(options);
      break;
    case Family::kTransactions:
      look_up_by_filter(options, table);
      compact_in_tiers(options);
      break;
    case Family::kHistory:
      compact_in_tiers(options);
      // It is read rarely, so that more tables to look into cost less than merging them.
      options.level0_file_num_compaction_trigger = 8;
      break;
    case Family::kBlocks:
      // Their tables never overlap, so that they change their level without being rewritten.
      table.block_size = kBlockOfBlocksBytes;
      compact_in_levels(options);
      break;
    case Family::kPrivateWrites:
    case Family::kExpiry:
    case Family::kIndexes:
    case Family::kMeta: compact_in_levels(options); break;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

rocksdb::DBOptions database_options(const DatabaseSetup& setup, const StorageMemory& memory) {
  rocksdb::DBOptions options;
  options.info_log = setup.log;
  options.max_bgerror_resume_count = 0;
  options.env = setup.env;
  options.avoid_flush_during_shutdown = !setup.durable;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;
  // A record that a power cut tore off at the end was never acknowledged. Anything else that is
  // wrong with the log is damage, and opening must say so.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // Logs that are complete are recorded with their sizes; one that is missing or shorter is damage.
  options.track_and_verify_wals_in_manifest = true;
  options.allow_concurrent_memtable_write = false;  // There is one writer.
  options.max_total_wal_size = kLogBytes;
  options.bytes_per_sync = 1u << 20;  // Spreads what a flush writes; durability is the log's.
  options.max_open_files = setup.tables_open_max;
  options.write_buffer_manager = memory.write_buffers();
  options.max_background_jobs = kBackgroundJobs;
  options.max_manifest_file_size = kManifestBytes;
  options.writable_file_max_buffer_size = kFileBufferBytes;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(const StorageMemory& memory) {
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (std::size_t i = 0; i < kFamilies; ++i) {
    descriptors.emplace_back(kNames[i], family_options(static_cast<Family>(i), memory));
  }
  return descriptors;
}

}  // namespace ccbus::ledger
