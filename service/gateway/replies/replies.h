#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/base/drain.h"
#include "service/base/log.h"
#include "service/base/result.h"
#include "service/gateway/replies/client_outbox.h"
#include "service/metrics/metrics.h"

namespace ccbus::gateway {

[[nodiscard]] ccbus::Status make_status(ccbus::StatusCode code, std::string message);

// The status that a client gets for an error of the disk, a rule or a limit.
[[nodiscard]] ccbus::Status make_status(const Error& error);

// NOT_FOUND, with Fabric's text.
[[nodiscard]] ccbus::Status channel_not_found(const std::string& channel);

// RESOURCE_EXHAUSTED: too many jobs wait for a worker.
[[nodiscard]] ccbus::Status too_many_jobs();

inline constexpr const char* kShuttingDown = "the service is shutting down";

// UNAVAILABLE, with kShuttingDown.
[[nodiscard]] ccbus::Status shutting_down();

// Sends the answers to the clients, and counts the requests that have no answer yet. Bus thread.
class Replies {
 public:
  // The references outlive this object.
  Replies(ClientOutbox& outbox, Logger& logger, Counters& counters)
      : outbox_(outbox), logger_(logger), counters_(counters) {}

  // Takes a request: reply() or forget() follows, once. False once close() was called.
  [[nodiscard]] bool open() { return requests_.enter(); }

  // From now on no request is taken.
  void close() { requests_.close(); }
  [[nodiscard]] bool is_closed() const { return requests_.is_closed(); }

  // Answers a request that was taken. Bytes of the status text that are not UTF-8 are sent as
  // U+FFFD. An answer above the size limit is replaced by RESOURCE_EXHAUSTED; that of a Submit
  // keeps the outcome of the transaction, without the result.
  void reply(ReplyAddress address, ccbus::ClientResponse& response);
  void reply(ReplyAddress address, ccbus::Status status);

  // Ends a request that was taken without an answer, since its client has left.
  void forget();

  // Answers a request that was not taken.
  void refuse(ReplyAddress address, ccbus::StatusCode code, std::string message);

  [[nodiscard]] std::size_t requests_open() const { return requests_.open(); }

 private:
  void send(ReplyAddress address, ccbus::ClientResponse& response);

  ClientOutbox& outbox_;
  Logger& logger_;
  Counters& counters_;
  Drain requests_;
};

// The time until which a request may wait: `wait_ms` from now, at most `wait_max`; 0 means
// `wait_max`.
[[nodiscard]] inline SteadyTime wait_until(Now now, std::uint32_t wait_ms,
                                           std::chrono::milliseconds wait_max) {
  const std::chrono::milliseconds asked(wait_ms);
  return now.steady + (wait_ms == 0 || asked > wait_max ? wait_max : asked);
}

}  // namespace ccbus::gateway
