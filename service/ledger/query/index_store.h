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

// How the index family stores indexes.

// Which index of a channel. Used at once; the views are not kept.
struct IndexName {
  std::string_view ns;
  std::string_view id;  // As mango/index_key.h makes it.
};

// How far an index has been built: every document up to `last_key`, with that one, is in it.
struct IndexProgress {
  bool is_complete = false;
  std::optional<std::string> last_key;  // nullopt: none yet. No meaning once complete.
};

struct StoredIndex {
  std::string ns;
  std::string id;
  IndexProgress progress;
};

void put_index_progress(rocksdb::WriteBatch& batch, const Store& store, const IndexName& index,
                        const IndexProgress& progress);

// Those of all namespaces. Errors: kIo, kCorrupt.
[[nodiscard]] Result<std::vector<StoredIndex>> stored_indexes(const Store& store);

// The ids of one namespace's complete indexes, as of a snapshot. Errors: kIo, kCorrupt.
[[nodiscard]] Result<std::vector<std::string>> complete_index_ids(
    const Store& store, const rocksdb::ReadOptions& at_snapshot, std::string_view ns);

void put_index_entry(rocksdb::WriteBatch& batch, const Store& store, const IndexName& index,
                     const IndexCursor::Entry& entry);
void delete_index_entry(rocksdb::WriteBatch& batch, const Store& store, const IndexName& index,
                        const IndexCursor::Entry& entry);

// The index with all its entries.
void delete_index(rocksdb::WriteBatch& batch, const Store& store, const IndexName& index);

[[nodiscard]] std::unique_ptr<IndexCursor> open_index(const Store& store,
                                                      rocksdb::ReadOptions at_snapshot,
                                                      const IndexName& index,
                                                      const IndexRange& range);

}  // namespace ccbus::ledger
