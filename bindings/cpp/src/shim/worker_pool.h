#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "bindings/cpp/src/shim/transaction_runner.h"
#include "ccbus/shim/chaincode.h"

namespace ccbus::shim {

class WorkerTransaction;

// The threads that run transactions, and their queue. The caller of start() bounds the queue.
class WorkerPool final : public TransactionRunner {
 public:
  // `outbound` takes what the transactions send.
  WorkerPool(std::size_t threads, Chaincode& chaincode, OutboundQueue& outbound);
  ~WorkerPool() override;  // Calls stop().

  void start_threads();

  // Runs the queued transactions and joins the threads. Blocks as long as the chaincode does.
  void stop();

  std::unique_ptr<Transaction> make(std::uint64_t stream, protos::ChaincodeMessage message,
                                    const Readiness& readiness) override;
  void start(Transaction& transaction) override;
  Turn run(std::vector<Outbound>& messages) override;
  void ended(Transaction&) override {}

 private:
  void work();

  // Set once.
  std::size_t thread_count_;
  Chaincode& chaincode_;
  OutboundQueue& outbound_;

  std::vector<WorkerTransaction*> started_;  // The stream's thread. Go into the queue together.
  std::vector<std::thread> threads_;         // Used only by the thread that starts and stops.

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<WorkerTransaction*> queue_;  // Guarded by mutex_.
  bool stopping_ = false;                 // Guarded by mutex_.
};

}  // namespace ccbus::shim
