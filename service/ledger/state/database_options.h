#pragma once

#include <rocksdb/options.h>

#include <memory>
#include <vector>

#include "service/ledger/state/database_log.h"
#include "service/ledger/state/family.h"
#include "service/ledger/state/storage_memory.h"

namespace ccbus::ledger {

// How RocksDB is set up for a channel's database; service/ledger/README.md has the reasons.

struct DatabaseSetup {
  rocksdb::Env* env;
  bool durable;
  int tables_open_max;
  std::shared_ptr<DatabaseLog> log;
};
[[nodiscard]] rocksdb::DBOptions database_options(const DatabaseSetup& setup,
                                                  const StorageMemory& memory);

// All families, in the order of their enumerators.
[[nodiscard]] std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(
    const StorageMemory& memory);

}  // namespace ccbus::ledger
