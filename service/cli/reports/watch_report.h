#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "ccbus/client/client.h"
#include "service/cli/reports/status_rates.h"

namespace ccbus::cli {

using WallTime = std::chrono::system_clock::time_point;

// One refresh of `ccbus status --watch` as text: the service with its rates, its channels and its
// chaincodes. If there are no rates, dashes are shown in their place.
[[nodiscard]] std::string format_watch(const StatusResponse& status,
                                       const std::optional<StatusRates>& rates, WallTime now);

// The same as one line of JSON, without the line's end: the keys of `ccbus status --json`, and
// `time` and `rates` (null if there are none).
[[nodiscard]] std::string watch_json(const client::Reply& reply,
                                     const std::optional<StatusRates>& rates, WallTime now);

// A refresh without a response: why, and since when. `since` is the time of the last response;
// nullopt if there was none yet.
struct NoResponse {
  std::string reason;
  std::optional<WallTime> since;
};
[[nodiscard]] std::string format_no_response(const NoResponse& no_response, WallTime now);
[[nodiscard]] std::string no_response_json(const client::Reply& reply,
                                           const NoResponse& no_response, WallTime now);

}  // namespace ccbus::cli
