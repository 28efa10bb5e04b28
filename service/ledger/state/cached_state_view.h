#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tsl/robin_map.h>

#include "service/base/text_hash.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

// A view that caches what was read through it. The view below never changes, so cached values
// cannot become stale.
//
// Thread:   only the one that made it, unlike other views.
// Blocks:   on the first read of a key, as the view below does.
class CachedStateView final : public StateView {
 public:
  // `below` is not null. Caches about `bytes_max` bytes of keys and values; then the cache is
  // emptied.
  CachedStateView(std::shared_ptr<const StateView> below, std::size_t bytes_max);

  [[nodiscard]] const std::shared_ptr<const StateView>& below() const { return below_; }

  [[nodiscard]] std::uint64_t height() const override { return below_->height(); }
  [[nodiscard]] Result<bool> read(std::string_view ns, std::string_view key,
                                  VersionedValue& found) const override;
  [[nodiscard]] Result<std::optional<Version>> version_of(std::string_view ns,
                                                          std::string_view key) const override;
  [[nodiscard]] Result<std::unique_ptr<StateCursor>> range(std::string_view ns,
                                                           std::string_view start,
                                                           std::string_view end) const override;
  [[nodiscard]] Result<std::unique_ptr<HistoryCursor>> history(std::string_view ns,
                                                               std::string_view key) const override;
  [[nodiscard]] Result<std::vector<std::string>> complete_indexes(
      std::string_view ns) const override;
  [[nodiscard]] Result<std::unique_ptr<IndexCursor>> index_range(
      std::string_view ns, std::string_view index_id, const IndexRange& range) const override;
  [[nodiscard]] StateDatabase state_database() const override { return below_->state_database(); }
  [[nodiscard]] const Error* refusal() const override { return below_->refusal(); }
  [[nodiscard]] std::shared_ptr<const StateView> for_any_thread() const override { return below_; }

 private:
  struct Key {
    std::string_view ns;
    std::string_view key;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept {
      const TextHash hash;
      return hash(key.key) * 31 + hash(key.ns);
    }
  };
  // One key's value. Its texts and those of its Key follow it in the same piece of memory, so that
  // a read touches two places: the table and the entry.
  struct Entry {
    bool is_present;
    Version version;
    std::string_view value;
    std::string_view metadata;
  };
  static constexpr bool kStoreHash = true;  // Saves comparing keys of other hashes.
  using Entries = tsl::robin_map<Key, const Entry*, Hash, std::equal_to<Key>,
                                 std::allocator<std::pair<Key, const Entry*>>, kStoreHash>;

  void remember(std::string_view ns, std::string_view key, const VersionedValue* found) const;

  // Set once.
  const std::shared_ptr<const StateView> below_;
  const std::size_t bytes_max_;

  // The cache. It does not change what a reader sees.
  mutable std::pmr::monotonic_buffer_resource memory_;  // For all entries; freed together.
  mutable Entries entries_;
  mutable std::size_t bytes_ = 0;
};

}  // namespace ccbus::ledger
