#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "ccbus/shim/query_batches.h"

namespace ccbus::shim {

// The change of a key by one transaction.
struct KeyModification {
  std::string tx_id;
  std::string value;                                          // Empty if it was deleted.
  std::chrono::sys_time<std::chrono::nanoseconds> timestamp;  // From the transaction's proposal.
  bool is_delete = false;
};

// The changes of one key, newest first.
//
// Thread, lifetime, errors: as QueryBatches.
class HistoryIterator {
 public:
  explicit HistoryIterator(QueryBatches batches) : batches_(std::move(batches)) {}

  // Returns the next change; nullopt after the last one and after close().
  [[nodiscard]] std::optional<KeyModification> next();

  void close() { batches_.close(); }

 private:
  QueryBatches batches_;
};

}  // namespace ccbus::shim
