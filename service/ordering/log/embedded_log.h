#pragma once

#include <deque>

#include "service/base/mutex.h"
#include "service/ordering/log/log.h"

namespace ccbus::ordering {

// A log within the process, for the one replica that there is. It keeps nothing on the disk, and
// nothing gets lost in it. It has room for one bundle: one that is appended while the one before
// was not read could have been larger.
class EmbeddedLog final : public Log {
 public:
  // `applied` is the position of the last entry that the ledger has.
  explicit EmbeddedLog(LogPosition applied) : last_(applied) {}

  [[nodiscard]] bool has_room() const override { return entries_.empty(); }
  [[nodiscard]] const std::string& generation() const override { return generation_; }
  void append(Entry entry) override { entries_.push_back(std::move(entry)); }
  void let_go(std::uint64_t) override {}
  void append_again() override {}
  [[nodiscard]] Result<std::optional<Record>> read(SteadyTime until) override;
  void wake() override;
  [[nodiscard]] LogHealth health() const override { return {}; }
  [[nodiscard]] Result<void> trim(LogPosition) override { return {}; }

 private:
  const std::string generation_;  // It needs none.

  // Committer thread only.
  std::deque<Entry> entries_;  // Appended and not read yet.
  LogPosition last_;           // Of the entry that was read last.

  Mutex mutex_;
  Condition woken_;
  bool is_woken_ CCBUS_GUARDED_BY(mutex_) = false;
};

}  // namespace ccbus::ordering
