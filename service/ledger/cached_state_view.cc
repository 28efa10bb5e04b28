#include "service/ledger/cached_state_view.h"

#include <utility>

#include "service/assert.h"

namespace ccbus::ledger {
namespace {

constexpr std::size_t kBytesOfEntry = 160;  // Beside the texts, roughly.

}  // namespace

CachedStateView::CachedStateView(std::shared_ptr<const StateView> below, std::size_t bytes_max)
    : below_(std::move(below)), bytes_max_(bytes_max) {
  CCBUS_ASSERT(below_ != nullptr);
}

Result<bool> CachedStateView::read(std::string_view ns, std::string_view key,
                                   VersionedValue& found) const {
  if (const auto at = entries_.find(KeyView(ns, key)); at != entries_.end()) {
    if (at->second) found = *at->second;
    return at->second.has_value();
  }
  auto present = below_->read(ns, key, found);
  if (present) remember(ns, key, *present ? &found : nullptr);
  return present;
}

Result<std::optional<Version>> CachedStateView::version_of(std::string_view ns,
                                                           std::string_view key) const {
  return below_->version_of(ns, key);
}

Result<std::unique_ptr<StateCursor>> CachedStateView::range(std::string_view ns,
                                                            std::string_view start,
                                                            std::string_view end) const {
  return below_->range(ns, start, end);
}

Result<std::unique_ptr<HistoryCursor>> CachedStateView::history(std::string_view ns,
                                                                std::string_view key) const {
  return below_->history(ns, key);
}

Result<std::vector<std::string>> CachedStateView::complete_indexes(std::string_view ns) const {
  return below_->complete_indexes(ns);
}

Result<std::unique_ptr<IndexCursor>> CachedStateView::index_range(std::string_view ns,
                                                                  std::string_view index_id,
                                                                  const IndexRange& range) const {
  return below_->index_range(ns, index_id, range);
}

void CachedStateView::remember(std::string_view ns, std::string_view key,
                               const VersionedValue* found) const {
  const std::size_t bytes = kBytesOfEntry + ns.size() + key.size() +
                            (found != nullptr ? found->value.size() + found->metadata.size() : 0);
  if (bytes_ + bytes > bytes_max_) {
    entries_.clear();
    bytes_ = 0;
  }
  if (bytes > bytes_max_) return;
  bytes_ += bytes;
  auto& entry = entries_[Key{std::string(ns), std::string(key)}];
  if (found != nullptr) entry = *found;
}

}  // namespace ccbus::ledger
