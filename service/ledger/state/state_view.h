#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/base/state_database.h"
#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// One entry under a cursor. The views hold until the cursor's next call.
struct StateEntry {
  std::string_view key;
  std::string_view value;
  std::string_view metadata;
  Version version;
};

// Walks a range of one namespace in byte order of the keys.
//
// Thread:   one at a time.
// Lifetime: must not outlive the view that made it.
class StateCursor {
 public:
  virtual ~StateCursor() = default;

  // The next entry; nullopt at the end, also when it is called again.
  // Errors: kIo, kCorrupt.
  [[nodiscard]] virtual Result<std::optional<StateEntry>> next() = 0;
};

// Walks the changes of one key, newest first.
//
// Thread, lifetime: as StateCursor.
class HistoryCursor {
 public:
  virtual ~HistoryCursor() = default;

  // The next change, an encoded queryresult.KeyModification; nullopt at the end.
  // Errors: kIo, kCorrupt.
  [[nodiscard]] virtual Result<std::optional<std::string>> next() = 0;
};

// A range of an index. An entry is at its sort key, followed by the document's key.
struct IndexRange {
  enum class Direction { kForward, kReverse };

  std::string start;  // `end` is not included; an empty bound is open.
  std::string end;
  Direction direction = Direction::kForward;
};

// Walks the entries of one index in their order. `sort_key` is what index_key.h makes of a
// document's fields, `key` is the document's.
//
// Thread, lifetime: as StateCursor; the views hold until the cursor's next call.
class IndexCursor {
 public:
  struct Entry {
    std::string_view sort_key;
    std::string_view key;
  };

  virtual ~IndexCursor() = default;

  // Errors: kIo, kCorrupt.
  [[nodiscard]] virtual Result<std::optional<Entry>> next() = 0;
};

// What is known of a state without reading its entries.
struct StateTraits {
  bool has_history = false;       // Without it, history() is refused.
  bool may_have_metadata = true;  // False: no entry has any.
  StateDatabase database = StateDatabase::kEmbedded;
};

// One channel's state after the block `height() - 1`. It never changes. Keys are any bytes,
// including none and NUL. A namespace is a chaincode's, or one that derived_namespace.h makes of it
// for a collection's private values or hashes.
//
// Thread:   any.
// Blocks:   on a disk read at worst; never on a commit.
// Lifetime: shared; what it reads from lives as long as the view does.
// Errors:   kIo the disk refused; kCorrupt a stored value is not what was written.
class StateView {
 public:
  virtual ~StateView() = default;

  // The number of blocks that this view includes.
  [[nodiscard]] virtual std::uint64_t height() const = 0;

  // Reads one key into `found`, whose memory is used again. Returns false if the key does not
  // exist; `found` is then unspecified.
  [[nodiscard]] virtual Result<bool> read(std::string_view ns, std::string_view key,
                                          VersionedValue& found) const = 0;

  // As read(), for a single read. Returns nullopt if the key does not exist.
  [[nodiscard]] Result<std::optional<VersionedValue>> get(std::string_view ns,
                                                          std::string_view key) const;

  // As get(), without the value.
  [[nodiscard]] virtual Result<std::optional<Version>> version_of(std::string_view ns,
                                                                  std::string_view key) const = 0;

  // The keys from `start` to `end`, which is not included; an empty bound is open. If `end` is
  // below `start` the range is empty.
  [[nodiscard]] virtual Result<std::unique_ptr<StateCursor>> range(std::string_view ns,
                                                                   std::string_view start,
                                                                   std::string_view end) const = 0;

  // Every change of a key by a valid transaction below this view.
  // Errors: kPrecondition `history database is not enabled`.
  [[nodiscard]] virtual Result<std::unique_ptr<HistoryCursor>> history(
      std::string_view ns, std::string_view key) const = 0;

  // The ids of the indexes of a namespace that are complete; index_key.h makes ids.
  [[nodiscard]] virtual Result<std::vector<std::string>> complete_indexes(
      std::string_view ns) const = 0;

  // Entries of a complete index.
  [[nodiscard]] virtual Result<std::unique_ptr<IndexCursor>> index_range(
      std::string_view ns, std::string_view index_id, const IndexRange& range) const = 0;

  // False if no entry has metadata. Then metadata need not be read.
  [[nodiscard]] virtual bool may_have_metadata() const { return true; }

  // Whose rules hold for keys and values: see key_rules.h.
  [[nodiscard]] virtual StateDatabase state_database() const { return StateDatabase::kEmbedded; }

  // Why every read is refused, as of a ledger that is closed; null if the state can be read.
  [[nodiscard]] virtual const Error* refusal() const { return nullptr; }

  // The same state, for any thread. Null if this view itself is for any thread.
  [[nodiscard]] virtual std::shared_ptr<const StateView> for_any_thread() const { return nullptr; }
};

inline Result<std::optional<VersionedValue>> StateView::get(std::string_view ns,
                                                            std::string_view key) const {
  VersionedValue found;
  const auto present = read(ns, key, found);
  if (!present) return unexpected(present.error());
  if (!*present) return std::nullopt;
  return found;
}

}  // namespace ccbus::ledger
