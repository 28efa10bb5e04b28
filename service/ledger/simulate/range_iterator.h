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

// The results of one range query. Every result of public state that it returns is added to the
// transaction's read set, even if the caller only looks ahead; nothing else is.
//
// Thread:   the simulator's.
// Lifetime: must not outlive its simulator (asserted there).
class RangeIterator {
 public:
  ~RangeIterator();
  RangeIterator(const RangeIterator&) = delete;
  RangeIterator& operator=(const RangeIterator&) = delete;

  // The next result; nullopt at the end of the range or of the page, also when it is called again.
  // Errors: kPrecondition after the simulator's done(); kIo, kCorrupt.
  [[nodiscard]] Result<std::optional<KeyValue>> next();

  // Where the next page starts: the key after the last result, which is not added to the read set;
  // empty at the end of the range. Ends the iteration.
  [[nodiscard]] Result<std::string> bookmark();

 private:
  friend class TxSimulator;
  RangeIterator(TxSimulator& simulator, std::shared_ptr<const StateView> view,
                std::unique_ptr<StateCursor> cursor, RangeQueryRecorder* recorder,
                std::uint32_t page_size);

  TxSimulator& simulator_;
  std::shared_ptr<const StateView> view_;  // Outlives cursor_, even after the simulator's done().
  std::unique_ptr<StateCursor> cursor_;
  RangeQueryRecorder* recorder_;  // Null: nothing is recorded.
  std::uint32_t page_size_;       // 0: no cap.
  std::uint32_t returned_ = 0;
  bool finished_ = false;
};

}  // namespace ccbus::ledger
