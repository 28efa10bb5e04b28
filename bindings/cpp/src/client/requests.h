#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
#include <zmq.hpp>

#include "bindings/cpp/src/transport/backoff.h"
#include "bindings/cpp/src/transport/dealer.h"
#include "ccbus/client/client.h"

namespace ccbus::client {

// The requests of one client, and the connection that carries them. Every request that send()
// took is completed once: by an answer, by a lost connection, by a connection that never came, or
// by abandon().
class Requests {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Requests(Options options);

  // Sets the correlation id and sends, or keeps the request until there is a connection.
  [[nodiscard]] Sent send(ClientRequest request);

  // The next completed request; waits for one until `deadline`.
  [[nodiscard]] std::optional<Reply> receive(Clock::time_point deadline);

  // The same for one request; what else completes is kept.
  [[nodiscard]] std::optional<Reply> receive(std::uint64_t correlation_id,
                                             Clock::time_point deadline);

  // Keeps the connection going until `deadline`; what completes is kept.
  void idle(Clock::time_point deadline);

  // Forgets a request: a late answer is dropped.
  void abandon(std::uint64_t correlation_id);

  [[nodiscard]] std::size_t open() const { return open_.size(); }
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  struct Open {
    ClientRequest::RequestCase kind;
    bool sent;
    Clock::time_point connect_deadline;  // Meaningful until it is sent.
  };
  struct Unsent {
    std::uint64_t correlation_id;
    zmq::message_t frame;
  };

  void make_progress();
  void connect_if_due();
  void check_link();
  void on_lost();
  void send_unsent();
  void expire_unsent();
  // False: the service broke the protocol, and the connection is worth nothing.
  [[nodiscard]] bool receive_all();
  [[nodiscard]] bool on_frame(const zmq::message_t& frame);
  void complete(std::uint64_t correlation_id, StatusCode code, std::string message);
  void wait_until(Clock::time_point deadline);

  Options options_;  // Set once.

  zmq::context_t context_{1};
  std::optional<transport::Dealer> dealer_;  // Empty: the next attempt is at next_attempt_.
  bool link_up_ = false;
  Clock::time_point attempt_deadline_;
  Clock::time_point next_attempt_ = Clock::time_point::min();
  transport::Backoff backoff_;

  std::uint64_t last_correlation_id_ = 0;
  std::unordered_map<std::uint64_t, Open> open_;
  std::deque<Unsent> unsent_;  // In the order of their deadlines.
  std::deque<Reply> completed_;
};

}  // namespace ccbus::client
