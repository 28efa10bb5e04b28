#include "service/ledger/query/sorted_results.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ccbus::ledger {
namespace {

std::size_t bytes_of(const SortedResults::Entry& entry) {
  return entry.sort_key.size() + entry.key.size() + sizeof(SortedResults::Entry);
}

}  // namespace

bool SortedResults::is_after(const Entry& a, const Entry& b) const {
  const auto left = std::tie(a.sort_key, a.key), right = std::tie(b.sort_key, b.key);
  return is_descending_ ? left < right : left > right;
}

Result<void> SortedResults::add(Entry entry) {
  bytes_ += bytes_of(entry);
  entries_.push_back(std::move(entry));
  // Rare enough to cost little for each entry, frequent enough to keep few unneeded ones.
  if (wanted_ && entries_.size() / 2 > *wanted_ + 1000) drop_unwanted();
  if (entries_.size() <= kCountMax && bytes_ <= kBytesMax) return {};
  return fail(ErrorCode::kExhausted, "the sort has no index, and without one at most " +
                                         std::to_string(kCountMax) + " results of " +
                                         std::to_string(kBytesMax) + " bytes are sorted");
}

void SortedResults::drop_unwanted() {
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(*wanted_);
  std::nth_element(entries_.begin(), end, entries_.end(),
                   [this](const Entry& a, const Entry& b) { return is_after(b, a); });
  entries_.erase(end, entries_.end());
  bytes_ = 0;
  for (const Entry& entry : entries_) bytes_ += bytes_of(entry);
}

std::vector<SortedResults::Entry> SortedResults::take() && {
  std::sort(entries_.begin(), entries_.end(),
            [this](const Entry& a, const Entry& b) { return is_after(b, a); });
  return std::move(entries_);
}

}  // namespace ccbus::ledger
