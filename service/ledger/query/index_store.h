#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/ledger/state/state_view.h"
#include "service/ledger/state/store.h"

namespace ccbus::ledger {

// How the index family stores indexes; README.md draws it. An index is known by its namespace and
// the id that mango/index_key.h makes.

// How far an index has been built: every document up to and with `last_key` is in it.
struct IndexProgress {
  bool is_complete = false;
  std::optional<std::string> last_key;  // Nothing: not one yet. No meaning once complete.
};

struct StoredIndex {
  std::string ns;
  std::string id;
  IndexProgress progress;
};

void put_index_progress(rocksdb::WriteBatch& batch, const Store& store, std::string_view ns,
                        std::string_view id, const IndexProgress& progress);

// Of all namespaces. Errors: kIo, kCorrupt.
[[nodiscard]] Result<std::vector<StoredIndex>> stored_indexes(const Store& store);

// Of one namespace, as of a snapshot.
[[nodiscard]] Result<std::vector<std::string>> complete_index_ids(
    const Store& store, const rocksdb::ReadOptions& at_snapshot, std::string_view ns);

void put_index_entry(rocksdb::WriteBatch& batch, const Store& store, std::string_view ns,
                     std::string_view id, std::string_view sort_key, std::string_view key);
void delete_index_entry(rocksdb::WriteBatch& batch, const Store& store, std::string_view ns,
                        std::string_view id, std::string_view sort_key, std::string_view key);

// The index with all its entries.
void delete_index(rocksdb::WriteBatch& batch, const Store& store, std::string_view ns,
                  std::string_view id);

[[nodiscard]] std::unique_ptr<IndexCursor> open_index(const Store& store,
                                                      rocksdb::ReadOptions at_snapshot,
                                                      std::string_view ns, std::string_view id,
                                                      const IndexRange& range);

}  // namespace ccbus::ledger
