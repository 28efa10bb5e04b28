#pragma once

#include <mutex>
#include <vector>
#include <zmq.hpp>

namespace ccbus::shim {

class Transaction;

// One message on its way from a worker to the peer.
struct Outbound {
  Transaction* transaction;
  zmq::message_t message;
  bool finished;  // The transaction's last: its worker does not touch it again.
};

// From the workers to the I/O thread, in order. It wakes the I/O thread through a descriptor, and
// only when that thread is about to sleep or sleeps: while it is busy, a push costs a mutex.
//
// Bounded by the transactions, each of which has at most one message here.
class OutboundQueue {
 public:
  OutboundQueue();  // Errors: std::system_error when there is no descriptor left.
  OutboundQueue(const OutboundQueue&) = delete;
  OutboundQueue& operator=(const OutboundQueue&) = delete;
  ~OutboundQueue();

  // Any thread. Never blocks for longer than a vector's push_back.
  void push(Outbound outbound);
  void wake();

  // I/O thread only. Swaps what has been pushed into `taken`, which must be empty. When that leaves
  // `taken` empty the next push wakes: poll descriptor() and call awake() before taking again.
  void take(std::vector<Outbound>& taken);
  void awake();
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  void signal();

  int descriptor_;  // Set once.

  std::mutex mutex_;
  std::vector<Outbound> pushed_;  // Guarded by mutex_.
  bool asleep_ = false;           // Guarded by mutex_: a push has to signal.
};

}  // namespace ccbus::shim
