#include "bindings/cpp/src/shim/worker_pool.h"

#include <utility>

#include "bindings/cpp/src/shim/worker_transaction.h"

namespace ccbus::shim {

WorkerPool::WorkerPool(std::size_t threads, Chaincode& chaincode, OutboundQueue& outbound)
    : thread_count_(threads), chaincode_(chaincode), outbound_(outbound) {}

WorkerPool::~WorkerPool() {
  stop();
}

void WorkerPool::start_threads() {
  threads_.reserve(thread_count_);
  while (threads_.size() < thread_count_) threads_.emplace_back([this] { work(); });
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::unique_ptr<Transaction> WorkerPool::make(std::uint64_t stream,
                                              protos::ChaincodeMessage message,
                                              const Readiness& readiness) {
  return std::make_unique<WorkerTransaction>(stream, std::move(message), readiness, outbound_);
}

void WorkerPool::start(Transaction& transaction) {
  // The pool itself has made it.
  started_.push_back(static_cast<WorkerTransaction*>(&transaction));
}

WorkerPool::Turn WorkerPool::run(std::vector<Outbound>&) {
  if (started_.empty()) return Turn::kDone;
  {
    const std::lock_guard lock(mutex_);
    queue_.insert(queue_.end(), started_.begin(), started_.end());
  }
  if (started_.size() >= thread_count_) {
    changed_.notify_all();
  } else {
    for (std::size_t i = 0; i < started_.size(); ++i) changed_.notify_one();
  }
  started_.clear();
  return Turn::kDone;
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    WorkerTransaction* const transaction = queue_.front();
    queue_.pop_front();
    lock.unlock();
    transaction->run(chaincode_);
    lock.lock();
  }
}

}  // namespace ccbus::shim
