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

#include "bindings/cpp/src/client/heights.h"
#include "bindings/cpp/src/transport/backoff.h"
#include "bindings/cpp/src/transport/dealer.h"
#include "ccbus/client/client.h"

namespace ccbus::client {

// The requests of one client, and its connection. Every request that send() accepted is completed
// once: by a response, by the loss of the connection, by a failure to connect, or by abandon().
class Requests {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Requests(Options options);

  // Sets the correlation id and sends the request, or keeps it until there is a connection.
  [[nodiscard]] Sent send(ClientRequest request);

  // Returns the next completed request; waits until `deadline`, then returns nullopt.
  [[nodiscard]] std::optional<Reply> receive(Clock::time_point deadline);

  // The same for one request; other completed requests are kept.
  [[nodiscard]] std::optional<Reply> receive(std::uint64_t correlation_id,
                                             Clock::time_point deadline);

  // Keeps the connection alive until `deadline`; completed requests are kept.
  void idle(Clock::time_point deadline);

  // Ends a request; its response, which is CANCELLED unless it was answered before, is awaited.
  void cancel(std::uint64_t correlation_id);

  // Forgets a request; a late response is dropped.
  void abandon(std::uint64_t correlation_id);

  [[nodiscard]] std::size_t open() const { return open_.size(); }
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  struct Open {
    ClientRequest::RequestCase kind;
    bool sent;
    Clock::time_point connect_deadline;  // Used until the request is sent.
    Heights::Asked asked;
    bool is_awaited = true;  // False: nobody wants its response.
  };
  struct Unsent {
    std::uint64_t correlation_id;
    zmq::message_t frame;
  };

  void make_progress();
  void connect_if_due(Clock::time_point now);
  [[nodiscard]] bool link_is_lost(Clock::time_point now);
  void on_lost();
  void refuse_unsent();
  void send_unsent();
  void expire_unsent(Clock::time_point now);
  // Returns false if the service violated the protocol; the connection is then closed.
  [[nodiscard]] bool receive_all();
  [[nodiscard]] bool on_frame(const zmq::message_t& frame);
  void complete(std::uint64_t correlation_id, StatusCode code, std::string message);
  void wait_until(Clock::time_point deadline);

  Options options_;  // Set once.

  zmq::context_t context_{1};
  std::optional<transport::Dealer> dealer_;  // nullopt: the next attempt is at next_attempt_.
  std::uint64_t attempts_ = 0;               // To connect.
  curve::Refusal refusal_ = curve::Refusal::kNone;  // Of the last attempt.
  bool link_up_ = false;
  bool link_news_ = false;  // The last wait has seen some.
  Clock::time_point link_checked_;
  Clock::time_point attempt_deadline_;
  Clock::time_point next_attempt_ = Clock::time_point::min();
  transport::Backoff backoff_;

  std::uint64_t last_correlation_id_ = 0;
  std::unordered_map<std::uint64_t, Open> open_;
  std::deque<Unsent> unsent_;  // In the order of their deadlines.
  std::deque<Reply> completed_;
  Heights heights_;
};

}  // namespace ccbus::client
