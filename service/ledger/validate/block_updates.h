#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/result.h"
#include "service/ledger/block/metadata.h"
#include "service/ledger/block/rwset.h"
#include "service/ledger/block/version.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

// What the valid transactions of one block, up to now, change in the state.
class BlockUpdates {
 public:
  using Keys =
      std::map<std::string, std::optional<VersionedValue>, std::less<>>;  // nullopt: deleted.

  // Applies a valid transaction's writes, as Fabric does: a value keeps the key's metadata,
  // metadata keep the value and give it a new version, metadata of an absent key are dropped.
  // Hashed writes are applied likewise, in the namespace of the collection's hashes; private values
  // are added by set(). Errors: those of the view, from which the other part of an entry is read.
  [[nodiscard]] Result<void> apply(const TxRwset& rwset, const Version& version,
                                   const StateView& committed);

  // nullopt deletes the key.
  void set(std::string_view ns, std::string_view key, std::optional<VersionedValue> value);

  // Null if the block did not change the key.
  [[nodiscard]] const std::optional<VersionedValue>* find(std::string_view ns,
                                                          std::string_view key) const;

  // The key after these updates.
  // Errors: those of the view.
  [[nodiscard]] Result<std::optional<VersionedValue>> current(std::string_view ns,
                                                              std::string_view key,
                                                              const StateView& committed) const;

  // The committed keys from `start` to `end`, which is not included ("" is open), with these
  // updates applied. Both must outlive the cursor.
  [[nodiscard]] Result<std::unique_ptr<StateCursor>> range_over(const StateView& committed,
                                                                std::string_view ns,
                                                                std::string_view start,
                                                                std::string_view end) const;

  // By namespace, by key: the order in which they are written.
  [[nodiscard]] const std::map<std::string, Keys, std::less<>>& namespaces() const {
    return namespaces_;
  }

 private:
  [[nodiscard]] Result<std::string> current_metadata(std::string_view ns, std::string_view key,
                                                     const StateView& committed) const;
  [[nodiscard]] Result<void> write(const std::string& ns, const std::string& key,
                                   const std::string* value, const Version& version,
                                   const StateView& committed);
  [[nodiscard]] Result<void> write_metadata(const std::string& ns, const std::string& key,
                                            const MetadataEntries& entries, const Version& version,
                                            const StateView& committed);
  [[nodiscard]] Result<void> apply_hashed(const std::string& ns, const HashedCollection& collection,
                                          const Version& version, const StateView& committed);

  std::map<std::string, Keys, std::less<>> namespaces_;
};

}  // namespace ccbus::ledger
