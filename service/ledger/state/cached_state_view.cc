#include "service/ledger/state/cached_state_view.h"

#include <algorithm>
#include <new>
#include <type_traits>
#include <utility>

#include "service/base/assert.h"

namespace ccbus::ledger {
namespace {

constexpr std::size_t kTableBytes = 128;  // Of an entry, in a table that is half full at most.

}  // namespace

CachedStateView::CachedStateView(std::shared_ptr<const StateView> below, std::size_t bytes_max)
    : below_(std::move(below)), bytes_max_(bytes_max) {
  CCBUS_ASSERT(below_ != nullptr);
}

Result<bool> CachedStateView::read(std::string_view ns, std::string_view key,
                                   VersionedValue& found) const {
  if (const auto at = entries_.find(Key{ns, key}); at != entries_.end()) {
    const Entry& entry = *at->second;
    if (!entry.is_present) return false;
    found.value.assign(entry.value);
    found.metadata.assign(entry.metadata);
    found.version = entry.version;
    return true;
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
  const std::string_view value = found != nullptr ? found->value : std::string_view();
  const std::string_view metadata = found != nullptr ? found->metadata : std::string_view();
  const std::size_t bytes = sizeof(Entry) + ns.size() + key.size() + value.size() + metadata.size();
  if (bytes_ + bytes + kTableBytes > bytes_max_) {
    entries_.clear();
    memory_.release();
    bytes_ = 0;
  }
  if (bytes + kTableBytes > bytes_max_) return;
  bytes_ += bytes + kTableBytes;

  auto* const place = static_cast<char*>(memory_.allocate(bytes, alignof(Entry)));
  char* free = place + sizeof(Entry);
  const auto keep = [&free](std::string_view text) {
    char* const kept = free;
    free = std::copy(text.begin(), text.end(), free);
    return std::string_view(kept, text.size());
  };
  static_assert(std::is_trivially_destructible_v<Entry>, "entries go without a word");
  const Key kept{keep(ns), keep(key)};
  const auto* entry = new (place) Entry{
      found != nullptr, found != nullptr ? found->version : Version(), keep(value), keep(metadata)};
  entries_.emplace(kept, entry);
}

}  // namespace ccbus::ledger
