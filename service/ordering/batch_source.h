#pragma once

#include "service/base/clock.h"
#include "service/base/ordered_batch.h"
#include "service/base/result.h"

namespace ccbus::ordering {

// What a channel's committer reads: the batches of a log, in the order of their positions.
class BatchSource {
 public:
  static constexpr SteadyTime kNoWait = SteadyTime::min();
  static constexpr SteadyTime kForever = SteadyTime::max();

  struct Next {
    enum class Kind {
      kBatch,       // `batch` holds the next one; it has at least one envelope.
      kNothingYet,  // There was none until then, or so far, if there is news of the source.
      kHalted,      // Nothing that comes may be applied; `why` says what to do. Said once.
      kEnded,       // After stop(): there is nothing more to come.
    };
    Kind kind = Kind::kNothingYet;
    OrderedBatch batch = {};
    Error why = {};
  };

  virtual ~BatchSource() = default;

  // The next batch. Its position is above that of the batch before, and above the position that
  // the ledger had applied when the source was made.
  //
  // Thread: one, the committer's.
  // Blocks: until that time, unless there is a batch or the source has ended before.
  [[nodiscard]] virtual Next next(SteadyTime until) = 0;

  // Lets next() return what was taken so far and then kEnded. May be called any number of times.
  //
  // Thread: any.
  // Blocks: never.
  virtual void stop() = 0;
};

}  // namespace ccbus::ordering
