#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/base/result.h"

namespace ccbus::ledger {

// Sorts results that no index sorts, within limits. CouchDB refuses such a query.
class SortedResults {
 public:
  struct Entry {
    std::string sort_key;  // Of the sort fields.
    std::string key;
  };

  static constexpr std::uint64_t kCountMax = 100'000;
  static constexpr std::size_t kBytesMax = 64u << 20;

  // `wanted`: at most this many results, from the front, will be used.
  SortedResults(bool is_descending, std::optional<std::uint64_t> wanted)
      : is_descending_(is_descending), wanted_(wanted) {}

  [[nodiscard]] bool is_after(const Entry& a, const Entry& b) const;

  // Errors: kExhausted, with the limit. An index avoids it.
  [[nodiscard]] Result<void> add(Entry entry);

  // The results in order. Must be the last call.
  [[nodiscard]] std::vector<Entry> take() &&;

 private:
  void drop_unwanted();

  const bool is_descending_;
  const std::optional<std::uint64_t> wanted_;
  std::vector<Entry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace ccbus::ledger
