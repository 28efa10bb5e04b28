#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "service/ledger/version.h"
#include "service/result.h"

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

  // The next entry, or nothing at the end, however often it is asked again.
  // Errors: kIo, kCorrupt.
  [[nodiscard]] virtual Result<std::optional<StateEntry>> next() = 0;
};

// One channel's public state after the block `height() - 1`. It never changes. Keys are any bytes,
// including none and NUL.
//
// Thread:   any.
// Blocks:   on a disk read at worst; never on a commit.
// Lifetime: shared; what it reads from lives as long as the view does.
// Errors:   kIo the disk refused; kCorrupt a stored value is not what was written.
class StateView {
 public:
  virtual ~StateView() = default;

  // The number of blocks below this view.
  [[nodiscard]] virtual std::uint64_t height() const = 0;

  // Nothing where the key is absent.
  [[nodiscard]] virtual Result<std::optional<VersionedValue>> get(std::string_view ns,
                                                                  std::string_view key) const = 0;

  // As get(), for who needs no value.
  [[nodiscard]] virtual Result<std::optional<Version>> version_of(std::string_view ns,
                                                                  std::string_view key) const = 0;

  // The keys from `start` up to and without `end`; an empty bound is open. A reversed range is
  // empty.
  [[nodiscard]] virtual Result<std::unique_ptr<StateCursor>> range(std::string_view ns,
                                                                   std::string_view start,
                                                                   std::string_view end) const = 0;
};

}  // namespace ccbus::ledger
