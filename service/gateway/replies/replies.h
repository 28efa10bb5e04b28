#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/base/log.h"
#include "service/base/result.h"
#include "service/gateway/replies/client_outbox.h"
#include "service/metrics/metrics.h"

namespace ccbus::gateway {

[[nodiscard]] ccbus::Status make_status(ccbus::StatusCode code, std::string message);

// What a disk, a rule or a limit said, as clients hear it.
[[nodiscard]] ccbus::Status make_status(const Error& error);

// NOT_FOUND, in Fabric's words.
[[nodiscard]] ccbus::Status channel_not_found(const std::string& channel);

// RESOURCE_EXHAUSTED: no worker will have time for it.
[[nodiscard]] ccbus::Status too_many_jobs();

inline constexpr const char* kShuttingDown = "the service is shutting down";

// UNAVAILABLE.
[[nodiscard]] ccbus::Status shutting_down();

// The way back to the clients, and the count of requests that have no answer yet. Bus thread.
class Replies {
 public:
  // The references outlive it.
  Replies(ClientOutbox& outbox, Logger& logger, Counters& counters)
      : outbox_(outbox), logger_(logger), counters_(counters) {}

  // A request has been taken: reply() or forget() follows, once.
  void open() { ++open_; }

  // Bytes of the status' text that are not UTF-8 go out as U+FFFD. An answer that is larger than a
  // message may be is replaced: RESOURCE_EXHAUSTED, and of a Submit the outcome without the result.
  void reply(ReplyAddress address, ccbus::ClientResponse& response);
  void reply(ReplyAddress address, ccbus::Status status);

  // The client has left, and nobody is to be told.
  void forget();

  // The answer to a request that has not been taken.
  void refuse(ReplyAddress address, ccbus::StatusCode code, std::string message);

  [[nodiscard]] std::size_t requests_open() const { return open_; }

 private:
  void send(ReplyAddress address, ccbus::ClientResponse& response);

  ClientOutbox& outbox_;
  Logger& logger_;
  Counters& counters_;
  std::size_t open_ = 0;
};

// When a request that may wait `wait_ms` (0: as long as allowed) is answered at the latest.
[[nodiscard]] inline SteadyTime wait_until(Now now, std::uint32_t wait_ms,
                                           std::chrono::milliseconds wait_max) {
  const std::chrono::milliseconds asked(wait_ms);
  return now.steady + (wait_ms == 0 || asked > wait_max ? wait_max : asked);
}

}  // namespace ccbus::gateway
