#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "service/base/result.h"

namespace ccbus::chaincode {

struct TransactionContext;

// How much of an answer the bus thread makes itself, so that it is not held for more than about a
// millisecond. A worker goes on with the rest.
struct AnswerBudget {
  std::size_t rows = 128;
  std::size_t bytes = 256u << 10;
};

// The answer to a request that a worker makes, or goes on with.
//
// Thread: the bus thread, except where a function says otherwise.
class SlowAnswer {
 public:
  virtual ~SlowAnswer() = default;

  // Makes the answer, encoded. Called once, on a worker, which uses nothing of the transaction: it
  // may end meanwhile.
  [[nodiscard]] virtual Result<std::string> make() = 0;

  // make() has returned, whatever it was: adds what was read to the read set of the transaction.
  virtual void settle(TransactionContext& context) = 0;

  // No worker will make it.
  virtual void give_up(TransactionContext& context) { static_cast<void>(context); }

  // The answer is no longer needed; make() should fail soon. Any thread.
  virtual void cancel() {}

  // The number of documents examined so far. Any thread.
  [[nodiscard]] virtual std::uint64_t examined() const { return 0; }

  // Advice for the log, such as a missing index; may be empty. After make().
  [[nodiscard]] virtual std::string advice() const { return {}; }
};

}  // namespace ccbus::chaincode
