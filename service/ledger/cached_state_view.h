#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "service/ledger/state_view.h"
#include "service/text_hash.h"

namespace ccbus::ledger {

// A view that remembers what was read through it. What it reads from never changes, so that
// nothing it remembers can be out of date; README.md says what that saves.
//
// Thread:   one, unlike other views: the one that made it.
// Blocks:   on the first read of a key, as the view below does.
class CachedStateView final : public StateView {
 public:
  // `below` is not null. Remembers about `bytes_max` of keys and values, then begins anew.
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
  [[nodiscard]] std::shared_ptr<const StateView> for_any_thread() const override { return below_; }

 private:
  struct Key {
    std::string ns;
    std::string key;
  };
  struct KeyView {
    KeyView(std::string_view ns_, std::string_view key_) : ns(ns_), key(key_) {}
    KeyView(const Key& stored) : ns(stored.ns), key(stored.key) {}  // NOLINT: same key.
    bool operator==(const KeyView&) const = default;
    std::string_view ns;
    std::string_view key;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const KeyView& key) const noexcept {
      const TextHash hash;
      return hash(key.key) * 31 + hash(key.ns);
    }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const KeyView& a, const KeyView& b) const noexcept { return a == b; }
  };
  using Entries = std::unordered_map<Key, std::optional<VersionedValue>, Hash, Equal>;

  void remember(std::string_view ns, std::string_view key, const VersionedValue* found) const;

  // Set once.
  const std::shared_ptr<const StateView> below_;
  const std::size_t bytes_max_;

  // To whoever reads, a view never changes; that it remembers does not show.
  mutable Entries entries_;  // Nothing: the key is absent.
  mutable std::size_t bytes_ = 0;
};

}  // namespace ccbus::ledger
