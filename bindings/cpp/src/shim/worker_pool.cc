#include "bindings/cpp/src/shim/worker_pool.h"

#include "bindings/cpp/src/shim/transaction.h"

namespace ccbus::shim {

WorkerPool::WorkerPool(std::size_t threads, Chaincode& chaincode)
    : thread_count_(threads), chaincode_(chaincode) {}

WorkerPool::~WorkerPool() {
  stop();
}

void WorkerPool::start() {
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

void WorkerPool::submit(Transaction& transaction) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(&transaction);
  }
  changed_.notify_one();
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Transaction* const transaction = queue_.front();
    queue_.pop_front();
    lock.unlock();
    transaction->run(chaincode_);
    lock.lock();
  }
}

}  // namespace ccbus::shim
