#pragma once

#include <mutex>
#include <vector>
#include <zmq.hpp>

namespace ccbus::shim {

class Transaction;

// One message on its way from a transaction to the peer.
struct Outbound {
  Transaction* transaction;
  zmq::message_t message;
  bool finished;  // The transaction's last message: nothing uses the transaction afterwards.
};

// Messages from other threads to the stream's thread, in order. The queue wakes that thread through
// a descriptor, but only if it sleeps or is about to; otherwise a push costs only a mutex.
//
// Bounded by the number of transactions, each of which has at most one message here.
class OutboundQueue {
 public:
  OutboundQueue();  // Errors: std::system_error if there is no descriptor left.
  OutboundQueue(const OutboundQueue&) = delete;
  OutboundQueue& operator=(const OutboundQueue&) = delete;
  ~OutboundQueue();

  // Any thread. Blocks: only for the mutex, which is held for a push_back or a swap.
  void push(Outbound outbound);
  void wake();

  // The stream's thread. Swaps the pushed messages into `taken`, which must be empty. If there
  // are none, the next push signals descriptor(): poll it and call awake() before taking again.
  void take(std::vector<Outbound>& taken);
  void awake();
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  void signal();

  int descriptor_;  // Set once.

  std::mutex mutex_;
  std::vector<Outbound> pushed_;  // Guarded by mutex_.
  bool asleep_ = false;           // Guarded by mutex_. True: a push has to signal.
};

}  // namespace ccbus::shim
