#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/result.h"
#include "service/ledger/block/range_query_info.h"
#include "service/ledger/block/version.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

// Fabric's text for a simulator, or an iterator of it, that is used after done().
inline constexpr std::string_view kUsedAfterDone =
    "this instance should not be used after calling Done()";

// The results of one range query. Every result of public state that it returns is added to the
// transaction's read set, even if the caller only looks ahead; nothing else is.
//
// Thread:   any, one at a time; the simulator's results() are not asked for meanwhile.
// Lifetime: may outlive its simulator.
class RangeIterator {
 public:
  // Set once the simulator is done.
  using Done = std::shared_ptr<const std::atomic<bool>>;

  // For the simulator. `view` is one for any thread; without a recorder nothing is recorded.
  // `page_size` 0: no cap.
  RangeIterator(Done done, std::shared_ptr<const StateView> view,
                std::unique_ptr<StateCursor> cursor, std::shared_ptr<RangeQueryRecorder> recorder,
                std::uint32_t page_size);
  RangeIterator(const RangeIterator&) = delete;
  RangeIterator& operator=(const RangeIterator&) = delete;

  // The next result; nullopt at the end of the range or of the page, also when it is called again.
  // Errors: kPrecondition after the simulator's done(); kIo, kCorrupt.
  [[nodiscard]] Result<std::optional<KeyValue>> next();

  // Where the next page starts: the key after the last result, which is not added to the read set;
  // empty at the end of the range. Ends the iteration.
  [[nodiscard]] Result<std::string> bookmark();

  // Returns by how many bytes the read set has grown since the last call, for
  // TxSimulator::count_reads().
  [[nodiscard]] std::ptrdiff_t take_growth();

 private:
  [[nodiscard]] Result<void> check_open() const;

  const Done done_;
  const std::shared_ptr<const StateView> view_;  // Outlives cursor_.
  const std::unique_ptr<StateCursor> cursor_;
  const std::shared_ptr<RangeQueryRecorder> recorder_;
  const std::uint32_t page_size_;
  std::uint32_t returned_ = 0;
  std::ptrdiff_t growth_ = 0;
  bool finished_ = false;
};

}  // namespace ccbus::ledger
