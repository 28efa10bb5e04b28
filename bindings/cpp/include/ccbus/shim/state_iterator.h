#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "ccbus/shim/query_batches.h"

namespace ccbus::shim {

struct KeyValue {
  std::string key;
  std::string value;
};

// The results of one query, in its order:
//
//   auto assets = stub.get_state_by_range("", "");
//   while (const auto asset = assets.next()) total += asset->value.size();
//
// Thread, lifetime, errors: as QueryBatches.
class StateIterator {
 public:
  explicit StateIterator(QueryBatches batches) : batches_(std::move(batches)) {}

  // Returns the next result; nullopt after the last one and after close().
  [[nodiscard]] std::optional<KeyValue> next();

  void close() { batches_.close(); }

 private:
  QueryBatches batches_;
};

// One page of a query, and the bookmark of the next one.
//
// The bookmark of a range is the key that the next page begins with, and empty after the last page.
// That of a rich query is CouchDB's: it stands for the last result, also after the last page, and
// is "nil" if the page has no results, so it is never empty. Read pages of both until one has fewer
// results than its size.
struct StatePage {
  StateIterator results;
  std::int32_t fetched_records_count = 0;
  std::string bookmark;
};

}  // namespace ccbus::shim
