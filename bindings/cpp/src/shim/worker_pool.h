#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "ccbus/shim/chaincode.h"

namespace ccbus::shim {

class Transaction;

// The threads that run transactions, and their queue. The caller of submit() bounds the queue.
class WorkerPool {
 public:
  WorkerPool(std::size_t threads, Chaincode& chaincode);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();  // Calls stop().

  void start();

  // Runs the queued transactions and joins the threads. Blocks as long as the chaincode does.
  void stop();

  // I/O thread. The transaction must live until it has finished.
  void submit(Transaction& transaction);

 private:
  void work();

  // Set once.
  std::size_t thread_count_;
  Chaincode& chaincode_;

  std::vector<std::thread> threads_;  // Used only by the thread that starts and stops.

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Transaction*> queue_;  // Guarded by mutex_.
  bool stopping_ = false;           // Guarded by mutex_.
};

}  // namespace ccbus::shim
