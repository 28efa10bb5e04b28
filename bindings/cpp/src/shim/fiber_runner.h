#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "bindings/cpp/src/shim/outbound_queue.h"
#include "bindings/cpp/src/shim/stack_pool.h"
#include "bindings/cpp/src/shim/transaction_runner.h"
#include "bindings/cpp/src/shim/turn_watch.h"
#include "ccbus/shim/run.h"

namespace ccbus::shim {

class FiberTransaction;

// Runs transactions as fibers on the stream's thread.
class FiberRunner final : public TransactionRunner {
 public:
  // `outbound` takes what a transaction sends that has a thread for itself.
  FiberRunner(const Options& options, Chaincode& chaincode, OutboundQueue& outbound,
              TurnWatch& watch);
  ~FiberRunner() override;

  std::unique_ptr<Transaction> make(std::uint64_t stream, protos::ChaincodeMessage message,
                                    const Readiness& readiness) override;
  void start(Transaction& transaction) override;
  Turn run(std::vector<Outbound>& messages) override;
  void ended(Transaction& transaction) override;

  // The stream has been taken from the thread that runs a transaction, which keeps that thread.
  // Returns its function.
  [[nodiscard]] std::string_view leave_current_behind();

  // For the transactions.
  void wake(FiberTransaction& transaction) { ready_.push_back(&transaction); }
  void send(Outbound outbound) { messages_->push_back(std::move(outbound)); }
  [[nodiscard]] OutboundQueue& outbound() { return outbound_; }
  [[nodiscard]] TurnWatch& watch() { return watch_; }
  [[nodiscard]] Chaincode& chaincode() { return chaincode_; }

 private:
  // Returns false if the stream has been taken meanwhile.
  [[nodiscard]] bool resume(FiberTransaction& transaction);

  // Set once.
  const std::size_t fibers_max_;
  Chaincode& chaincode_;
  OutboundQueue& outbound_;
  TurnWatch& watch_;

  StackPool stacks_;
  std::deque<FiberTransaction*> ready_;    // To be resumed.
  std::deque<FiberTransaction*> waiting_;  // To be started.
  FiberTransaction* current_ = nullptr;
  std::vector<Outbound>* messages_ = nullptr;  // During run().
};

}  // namespace ccbus::shim
