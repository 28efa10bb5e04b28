#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "service/base/clock.h"
#include "service/base/ordered_batch.h"
#include "service/base/result.h"
#include "service/ordering/log/entry.h"
#include "service/ordering/log/entry_bytes.h"

namespace ccbus::ordering {

// How a log does. What it says is for people and for refusals; nothing that is applied depends on
// it.
struct LogHealth {
  std::string fault;               // Empty: it takes entries and gives them out.
  std::string not_durable;         // What could make it lose entries; empty: nothing is known.
  std::optional<LogPosition> end;  // Of its last entry, as far as is known.
  std::uint64_t appended_again = 0;
};

// The log that orders a channel's transactions, as one replica uses it: it appends entries of its
// own, and reads the entries of all. Every reader gets the same entries in the same order.
//
// Thread: one, the committer's, unless a function says otherwise.
class Log {
 public:
  // What stands at a position.
  struct Record {
    LogPosition position;
    std::variant<Entry, ForeignBytes> content;
    std::string hash;  // Of its bytes; empty if the log has none.
  };

  virtual ~Log() = default;

  // Whether another bundle may be appended now. The more it waits for, the larger it becomes.
  [[nodiscard]] virtual bool has_room() const = 0;

  // Of the log. Empty as long as it is not known, since its Genesis was not read: then nothing but
  // a Genesis may be appended.
  [[nodiscard]] virtual const std::string& generation() const = 0;

  // Appends an entry, which is kept until it is let go, so that it can be appended again. Other
  // entries than bundles need no room.
  //
  // Blocks: never. Whether the entry stands in the log tells reading alone.
  virtual void append(Entry entry) = 0;

  // Lets go of this replica's entries up to that sequence number: reading has shown that they
  // count.
  virtual void let_go(std::uint64_t sequence) = 0;

  // Appends all that was not let go of again, in its order: reading has shown that one of them is
  // missing.
  virtual void append_again() = 0;

  // The next record. Its position is above that of the one before, and above the position at which
  // reading began. Returns nullopt in three cases: the time has passed, wake() was called, or
  // health() has news: another fault, or the end that was not known before.
  //
  // Blocks: until that time.
  // Errors: kPrecondition, kCorrupt the replica must apply nothing further, see decode_entry(); or
  //         the log does not hold what was read from it last. Every later call fails, too.
  [[nodiscard]] virtual Result<std::optional<Record>> read(SteadyTime until) = 0;

  // Ends a read() that waits, or the next one that would.
  //
  // Thread: any.
  // Blocks: never.
  virtual void wake() = 0;

  // Thread: any.
  [[nodiscard]] virtual LogHealth health() const = 0;

  // Gives up the records in front of a position, which no replica needs any more.
  //
  // Thread: any.
  // Blocks: until the log has answered.
  // Errors: kUnavailable, kDenied.
  [[nodiscard]] virtual Result<void> trim(LogPosition first) = 0;
};

}  // namespace ccbus::ordering
