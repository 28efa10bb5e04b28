#include "service/ledger/validate/block_updates.h"

#include <utility>

#include "service/ledger/block/metadata.h"
#include "service/ledger/state/derived_namespace.h"

namespace ccbus::ledger {
namespace {

// Walks two ordered sources as one; where both have a key, the update speaks.
class OverlayCursor final : public StateCursor {
 public:
  using Position = BlockUpdates::Keys::const_iterator;

  OverlayCursor(std::unique_ptr<StateCursor> committed, Position update, Position updates_end)
      : committed_(std::move(committed)), update_(update), updates_end_(updates_end) {}

  Result<std::optional<StateEntry>> next() override {
    for (;;) {
      if (auto ready = look_ahead(); !ready) return unexpected(ready.error());
      const bool update_is_first =
          update_ != updates_end_ && (!ahead_ || std::string_view(update_->first) <= ahead_->key);
      if (!update_is_first) {
        has_ahead_ = false;
        return ahead_;
      }
      if (ahead_ && ahead_->key == update_->first) has_ahead_ = false;
      const auto& [key, value] = *update_++;
      if (value) return StateEntry{key, value->value, value->metadata, value->version};
    }
  }

 private:
  Result<void> look_ahead() {
    if (has_ahead_) return {};
    auto entry = committed_->next();
    if (!entry) return unexpected(entry.error());
    ahead_ = *entry;
    has_ahead_ = true;
    return {};
  }

  std::unique_ptr<StateCursor> committed_;
  Position update_;
  Position updates_end_;
  std::optional<StateEntry> ahead_;  // Read from committed_ and not given out, if has_ahead_.
  bool has_ahead_ = false;
};

}  // namespace

const std::optional<VersionedValue>* BlockUpdates::find(std::string_view ns,
                                                        std::string_view key) const {
  const auto keys = namespaces_.find(ns);
  if (keys == namespaces_.end()) return nullptr;
  const auto found = keys->second.find(key);
  return found == keys->second.end() ? nullptr : &found->second;
}

Result<std::optional<VersionedValue>> BlockUpdates::current(std::string_view ns,
                                                            std::string_view key,
                                                            const StateView& committed) const {
  if (const auto* updated = find(ns, key)) return *updated;
  return committed.get(ns, key);
}

void BlockUpdates::set(std::string_view ns, std::string_view key,
                       std::optional<VersionedValue> value) {
  namespaces_[std::string(ns)].insert_or_assign(std::string(key), std::move(value));
}

Result<std::string> BlockUpdates::current_metadata(std::string_view ns, std::string_view key,
                                                   const StateView& committed) const {
  if (const auto* updated = find(ns, key)) return *updated ? (*updated)->metadata : std::string();
  if (!committed.may_have_metadata()) return std::string();
  auto before = committed.get(ns, key);
  if (!before) return unexpected(before.error());
  return *before ? std::move((*before)->metadata) : std::string();
}

// Without a value: a delete.
Result<void> BlockUpdates::write(const std::string& ns, const std::string& key,
                                 const std::string* value, const Version& version,
                                 const StateView& committed) {
  std::optional<VersionedValue> updated;
  if (value != nullptr) {
    auto metadata = current_metadata(ns, key, committed);
    if (!metadata) return unexpected(metadata.error());
    updated = VersionedValue{*value, std::move(*metadata), version};
  }
  namespaces_[ns][key] = std::move(updated);
  return {};
}

Result<void> BlockUpdates::write_metadata(const std::string& ns, const std::string& key,
                                          const MetadataEntries& entries, const Version& version,
                                          const StateView& committed) {
  auto before = current(ns, key, committed);
  if (!before) return unexpected(before.error());
  if (!*before) return {};
  namespaces_[ns][key] =
      VersionedValue{std::move((*before)->value), encode_metadata(entries), version};
  return {};
}

Result<void> BlockUpdates::apply_hashed(const std::string& ns, const HashedCollection& collection,
                                        const Version& version, const StateView& committed) {
  const std::string hashes = hash_namespace(ns, collection.name);
  for (const kvrwset::KVWriteHash& entry : collection.hashed.hashed_writes()) {
    const std::string* value = is_delete(entry) ? nullptr : &entry.value_hash();
    auto written = write(hashes, entry.key_hash(), value, version, committed);
    if (!written) return written;
  }
  for (const kvrwset::KVMetadataWriteHash& entry : collection.hashed.metadata_writes()) {
    auto written = write_metadata(hashes, entry.key_hash(), entry.entries(), version, committed);
    if (!written) return written;
  }
  return {};
}

Result<void> BlockUpdates::apply(const TxRwset& rwset, const Version& version,
                                 const StateView& committed) {
  for (const NamespaceRwset& set : rwset) {
    for (const kvrwset::KVWrite& entry : set.kv.writes()) {
      const std::string* value = is_delete(entry) ? nullptr : &entry.value();
      auto written = write(set.ns, entry.key(), value, version, committed);
      if (!written) return written;
    }
    for (const kvrwset::KVMetadataWrite& entry : set.kv.metadata_writes()) {
      auto written = write_metadata(set.ns, entry.key(), entry.entries(), version, committed);
      if (!written) return written;
    }
    for (const HashedCollection& collection : set.collections) {
      auto applied = apply_hashed(set.ns, collection, version, committed);
      if (!applied) return applied;
    }
  }
  return {};
}

Result<std::unique_ptr<StateCursor>> BlockUpdates::range_over(const StateView& committed,
                                                              std::string_view ns,
                                                              std::string_view start,
                                                              std::string_view end) const {
  auto below = committed.range(ns, start, end);
  const auto keys = namespaces_.find(ns);
  const bool is_reversed = !end.empty() && end <= start;
  if (!below || keys == namespaces_.end() || is_reversed) return below;
  const Keys& updates = keys->second;
  return std::make_unique<OverlayCursor>(std::move(*below), updates.lower_bound(start),
                                         end.empty() ? updates.end() : updates.lower_bound(end));
}

}  // namespace ccbus::ledger
