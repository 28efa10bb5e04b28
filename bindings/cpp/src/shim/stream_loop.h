#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "bindings/cpp/src/shim/message_view.h"
#include "bindings/cpp/src/shim/outbound_queue.h"
#include "bindings/cpp/src/shim/readiness.h"
#include "bindings/cpp/src/shim/stream_threads.h"
#include "bindings/cpp/src/shim/transaction_runner.h"
#include "bindings/cpp/src/shim/transaction_table.h"
#include "bindings/cpp/src/shim/transitions.h"
#include "bindings/cpp/src/transport/backoff.h"
#include "bindings/cpp/src/transport/dealer.h"
#include "ccbus/shim/run.h"

namespace ccbus::shim {

// The stream: it owns one DEALER at a time and handles all its messages. In each turn it hands out
// all that has arrived, runs the transactions, and sends all that they ask for.
class StreamLoop {
 public:
  // The references must outlive the loop. Errors: std::invalid_argument for an invalid address.
  StreamLoop(Options options, TransactionRunner& runner, OutboundQueue& outbound);
  StreamLoop(const StreamLoop&) = delete;
  StreamLoop& operator=(const StreamLoop&) = delete;

  // Runs the stream on this thread, which has it now. It has ended after stop(), as soon as every
  // transaction has.
  [[nodiscard]] StreamThreads::Outcome run();

  void stop();  // Any thread. Does not wait.

  // Any thread.
  [[nodiscard]] const Readiness& readiness() const { return readiness_; }
  void log(std::string_view line);

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] bool has_ended();
  void connect();
  void wait();
  [[nodiscard]] StreamThreads::Outcome turn();
  void check_link();
  void check_deadline();

  [[nodiscard]] bool receive_burst();
  void on_frame(zmq::message_t frame);
  void on_message(const StreamRow& row, const MessageView& message);
  void registration_refused(std::string_view reason);
  void end_refused(std::string_view reason);
  void serve(const MessageView& ready);
  void run_transaction();  // The one in inbound_.
  void deliver_reply(const MessageView& reply);

  [[nodiscard]] bool send_all();
  void send_each(std::vector<Outbound>& messages);
  void send(zmq::message_t message);
  [[nodiscard]] bool flush_unsent();
  // An empty reason is not logged.
  void end_stream(std::string_view reason, std::chrono::milliseconds delay_min);

  // Set once.
  Options options_;
  std::string endpoint_;
  TransactionRunner& runner_;

  // Any thread.
  OutboundQueue& outbound_;
  Readiness readiness_;
  std::atomic<bool> stopping_ = false;
  std::mutex log_mutex_;  // Lines are logged one at a time.

  // The thread that has the stream.
  zmq::context_t context_{1};
  std::optional<transport::Dealer> dealer_;  // nullopt: the next attempt is at deadline_.
  bool link_up_ = false;
  StreamState state_ = StreamState::kCreated;
  std::uint64_t stream_ = 0;    // Counts the sockets; messages of an older one are dropped.
  Clock::time_point deadline_;  // Of the next attempt, the connection or the registration.
  transport::Backoff backoff_;
  std::string refusal_;  // The last reason that was logged, until READY.
  TransactionTable transactions_;
  protos::ChaincodeMessage inbound_;   // Reused for every message but replies.
  std::vector<Outbound> caused_;       // By the transactions of this turn.
  std::vector<Outbound> queued_;       // A member to reuse its memory; empty between turns.
  std::deque<zmq::message_t> unsent_;  // Behind a full pipe.
};

}  // namespace ccbus::shim
