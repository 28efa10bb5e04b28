#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "bindings/cpp/src/shim/outbound_queue.h"
#include "bindings/cpp/src/shim/transaction.h"

namespace ccbus::shim {

// What runs the transactions of a stream: threads of their own, or fibers on the stream's thread.
//
// Thread: the stream's.
class TransactionRunner {
 public:
  TransactionRunner() = default;
  TransactionRunner(const TransactionRunner&) = delete;
  TransactionRunner& operator=(const TransactionRunner&) = delete;
  virtual ~TransactionRunner() = default;

  [[nodiscard]] virtual std::unique_ptr<Transaction> make(std::uint64_t stream,
                                                          protos::ChaincodeMessage message,
                                                          const Readiness& readiness) = 0;

  // Runs the transaction at one of the next run()s. It must live until ended().
  virtual void start(Transaction& transaction) = 0;

  enum class Turn {
    kDone,
    kMore,   // There is more to run at once.
    kTaken,  // The stream has been taken from this thread, which must not touch it any more.
  };

  // Runs what has to run on the stream's thread, and appends the messages that this has caused.
  [[nodiscard]] virtual Turn run(std::vector<Outbound>& messages) = 0;

  // The transaction's last message has come out of run() or of the queue.
  virtual void ended(Transaction& transaction) = 0;
};

}  // namespace ccbus::shim
