#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/base/log.h"
#include "service/base/result.h"
#include "service/gateway/replies/client_outbox.h"
#include "service/gateway/replies/open_requests.h"
#include "service/gateway/replies/pending_request.h"
#include "service/gateway/replies/places.h"
#include "service/metrics/metrics.h"

namespace ccbus::gateway {

[[nodiscard]] ccbus::Status make_status(ccbus::StatusCode code, std::string message);

// The status that a client gets for an error of the disk, a rule or a limit.
[[nodiscard]] ccbus::Status make_status(const Error& error);

// NOT_FOUND, with Fabric's text.
[[nodiscard]] ccbus::Status channel_not_found(const std::string& channel);

// The bytes of the longest name or id that a request which waits may hold; a transaction id has 64.
inline constexpr std::size_t kWaitingTextMax = 255;

// INVALID_ARGUMENT: a text is longer than kWaitingTextMax.
[[nodiscard]] ccbus::Status too_long(const char* what, std::size_t bytes);

// UNAVAILABLE: the channel is being reset or restored.
[[nodiscard]] ccbus::Status channel_begins_anew(const std::string& channel);

inline constexpr const char* kShuttingDown = "the service is shutting down";

// UNAVAILABLE, with kShuttingDown.
[[nodiscard]] ccbus::Status shutting_down();

// Takes the requests of the clients, and sends the answers. Bus thread.
class Replies {
 public:
  // The references outlive this object, and it outlives the requests that it has taken.
  Replies(const Places::Limits& limits, ClientOutbox& outbox, Logger& logger, Counters& counters);

  // Takes a request, which is answered once by reply(). `chaincode` is the name of the one that it
  // runs, or empty. Returns nullopt if it was refused; then the client has been told.
  [[nodiscard]] std::optional<PendingRequest> take(ReplyAddress address, Places::Kind kind,
                                                   const std::string& chaincode);

  // Gives a request that was taken another place. Returns nullopt if no place is free; then the
  // request has been answered.
  [[nodiscard]] std::optional<PendingRequest> move_to(PendingRequest request, Places::Kind kind,
                                                      const std::string& chaincode);

  // Counts a request that was taken to who has signed it: Places::share(). Errors: kExhausted.
  [[nodiscard]] Result<Places::Share> share(const std::string& creator, Places::Kind kind) {
    return places_.share(creator, kind);
  }

  // From now on no request is taken.
  void close() { is_closed_ = true; }
  [[nodiscard]] bool is_closed() const { return is_closed_; }

  // Answers a request, unless it has ended early. Bytes of the status text that are not UTF-8 are
  // sent as U+FFFD. An answer above the size limit is replaced by RESOURCE_EXHAUSTED; that of a
  // Submit keeps the outcome of the transaction, without the result.
  void reply(PendingRequest request, ccbus::ClientResponse& response);
  void reply(PendingRequest request, ccbus::Status status);

  // Answers a request INTERNAL, or ends its client's connection if there is no memory for that; if
  // not even that succeeds, retry_ends() tries it again. For requests that an exception has ended.
  void fail(ReplyAddress address) noexcept;

  // True while a connection has to be ended that could not be.
  [[nodiscard]] bool has_ends() const { return !to_end_.empty(); }
  void retry_ends() noexcept;

  // Answers a request that was not taken.
  void refuse(ReplyAddress address, ccbus::StatusCode code, std::string message);

  // Ends a request early once its client has waited for so long.
  void set_timeout(PendingRequest& request, Now now, std::uint32_t timeout_ms) {
    request.entry_.set_deadline(now.steady + std::chrono::milliseconds(timeout_ms), timeout_ms);
  }

  // Ends the open request of that client early that `wanted` names, and answers `cancel`.
  void cancel(ReplyAddress cancel, std::uint64_t wanted);

  // Ends the requests whose time has passed.
  void on_timer(Now now) noexcept;
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const {
    return requests_.next_deadline();
  }

  void on_client_gone(PeerId client) noexcept {
    places_.on_client_gone(client);
    requests_.on_client_gone(client);
  }

  [[nodiscard]] std::size_t requests_open() const { return places_.taken(); }

 private:
  friend class PendingRequest;

  void send(ReplyAddress address, ccbus::ClientResponse& response);
  // `code` is CANCELLED or DEADLINE_EXCEEDED.
  void answer_ended(OpenRequests::Ended ended, ccbus::StatusCode code) noexcept;
  // Returns false if there is no memory for it.
  [[nodiscard]] bool end(PeerId client) noexcept;

  ClientOutbox& outbox_;
  Logger& logger_;
  Counters& counters_;
  Places places_;
  OpenRequests requests_;
  bool is_closed_ = false;
  ccbus::ClientResponse internal_error_;  // Made beforehand: memory may be exhausted.
  std::vector<PeerId> to_end_;            // Has room for the client of every open request.
};

// The time until which a request may wait: `wait_ms` from now, at most `wait_max`; 0 means
// `wait_max`.
[[nodiscard]] inline SteadyTime wait_until(Now now, std::uint32_t wait_ms,
                                           std::chrono::milliseconds wait_max) {
  const std::chrono::milliseconds asked(wait_ms);
  return now.steady + (wait_ms == 0 || asked > wait_max ? wait_max : asked);
}

}  // namespace ccbus::gateway
