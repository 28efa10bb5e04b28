#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "bindings/cpp/src/shim/outbound_queue.h"
#include "bindings/cpp/src/shim/readiness.h"
#include "bindings/cpp/src/shim/transaction_table.h"
#include "bindings/cpp/src/shim/transitions.h"
#include "bindings/cpp/src/transport/backoff.h"
#include "bindings/cpp/src/transport/dealer.h"
#include "ccbus/shim/run.h"

namespace ccbus::shim {

class WorkerPool;

// The I/O thread: it owns one DEALER at a time and handles all its messages.
class StreamLoop {
 public:
  // `workers` must outlive the loop's thread, and finish its transactions before the loop is
  // destroyed. Errors: std::invalid_argument for an invalid address.
  StreamLoop(Options options, WorkerPool& workers);
  StreamLoop(const StreamLoop&) = delete;
  StreamLoop& operator=(const StreamLoop&) = delete;
  ~StreamLoop();  // Calls stop().

  void start();
  void stop();  // Ends the stream and joins the thread. Any other thread.

  [[nodiscard]] const Readiness& readiness() const { return readiness_; }

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void connect();
  void wait();
  void drain();
  void check_link();
  void check_deadline();

  [[nodiscard]] bool receive_burst();
  void on_frame(zmq::message_t frame);
  void on_message(const StreamRow& row);
  void serve();
  void run_transaction();
  void deliver_reply();

  [[nodiscard]] bool send_taken();
  void send(zmq::message_t message);
  void flush_unsent();
  void end_stream(std::string_view reason, std::chrono::milliseconds delay_min);

  // Set once.
  Options options_;
  std::string endpoint_;
  WorkerPool& workers_;

  // Any thread.
  OutboundQueue outbound_;
  Readiness readiness_;
  std::atomic<bool> stopping_ = false;

  // I/O thread only.
  zmq::context_t context_{1};
  std::optional<transport::Dealer> dealer_;  // nullopt: the next attempt is at deadline_.
  bool link_up_ = false;
  StreamState state_ = StreamState::kCreated;
  std::uint64_t stream_ = 0;    // Counts the sockets; messages of an older one are dropped.
  Clock::time_point deadline_;  // Of the next attempt, the connection or the registration.
  transport::Backoff backoff_;
  TransactionTable transactions_;
  protos::ChaincodeMessage inbound_;   // Reused for every message.
  std::vector<Outbound> taken_;        // A member to reuse its memory; empty between turns.
  std::deque<zmq::message_t> unsent_;  // Behind a full pipe.

  std::thread thread_;
};

}  // namespace ccbus::shim
