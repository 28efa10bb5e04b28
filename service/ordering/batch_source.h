#pragma once

#include "service/base/ordered_batch.h"

namespace ccbus::ordering {

// What a channel's committer reads: the batches of a log, in the order of their positions.
class BatchSource {
 public:
  enum class Wait { kNo, kYes };

  struct Next {
    enum class Kind {
      kBatch,       // `batch` holds the next one; it has at least one envelope.
      kNothingYet,  // With Wait::kNo only.
      kEnded,       // After stop(): there is nothing more to come.
    };
    Kind kind = Kind::kNothingYet;
    OrderedBatch batch = {};
  };

  virtual ~BatchSource() = default;

  // The next batch. Its position is above that of the batch before, and above the position that
  // the ledger had applied when the source was made.
  //
  // Thread: one, the committer's.
  // Blocks: with Wait::kYes, until there is a batch or the source has ended.
  [[nodiscard]] virtual Next next(Wait wait) = 0;

  // Lets next() return what was taken so far and then kEnded. May be called any number of times.
  //
  // Thread: any.
  // Blocks: never.
  virtual void stop() = 0;
};

}  // namespace ccbus::ordering
