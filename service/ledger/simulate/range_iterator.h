#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "service/base/result.h"
#include "service/ledger/block/range_query_info.h"
#include "service/ledger/block/version.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

class TxSimulator;

// The results of one range query. Every result of public state that it hands out is in the
// transaction's read set from then on, one that the caller only looks ahead at too; nothing else
// is.
//
// Thread:   the simulator's.
// Lifetime: must not outlive its simulator (asserted there).
class RangeIterator {
 public:
  ~RangeIterator();
  RangeIterator(const RangeIterator&) = delete;
  RangeIterator& operator=(const RangeIterator&) = delete;

  // The next result; nothing at the end of the range or of the page, however often it is asked.
  // Errors: kPrecondition after the simulator's done(); kIo, kCorrupt.
  [[nodiscard]] Result<std::optional<KeyValue>> next();

  // Where the next page starts: the key after the last result handed out, which is not counted as
  // read; empty at the end of the range. Ends the iteration.
  [[nodiscard]] Result<std::string> bookmark();

 private:
  friend class TxSimulator;
  RangeIterator(TxSimulator& simulator, std::shared_ptr<const StateView> view,
                std::unique_ptr<StateCursor> cursor, RangeQueryRecorder* recorder,
                std::uint32_t page_size);

  TxSimulator& simulator_;
  std::shared_ptr<const StateView> view_;  // Outlives cursor_, whatever the simulator lets go.
  std::unique_ptr<StateCursor> cursor_;
  RangeQueryRecorder* recorder_;  // Null: nothing is recorded.
  std::uint32_t page_size_;       // 0: no cap.
  std::uint32_t returned_ = 0;
  bool finished_ = false;
};

}  // namespace ccbus::ledger
