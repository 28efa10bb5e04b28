#pragma once

#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "service/ledger/state/state_view.h"
#include "service/ledger/state/store.h"
#include "service/ledger/validate/block_validator.h"

namespace ccbus::ledger {

// The history family: each change of a public key by a valid transaction, as an encoded
// queryresult.KeyModification.

void put_history(rocksdb::WriteBatch& batch, const Store& store, std::uint64_t block_num,
                 const std::vector<ValidatedTransaction>& transactions);

// Newest first. The store must outlive the cursor.
[[nodiscard]] std::unique_ptr<HistoryCursor> open_history(const Store& store,
                                                          rocksdb::ReadOptions options,
                                                          std::string_view ns,
                                                          std::string_view key);

}  // namespace ccbus::ledger
