#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "ccbus/client/client.h"
#include "service/cli/reports/status_rates.h"

namespace ccbus::cli {

using WallTime = std::chrono::system_clock::time_point;

// One refresh of `ccbus status --watch` for people: the service, its rates and figures, its
// channels, its chaincodes. Without rates a dash stands in their place.
[[nodiscard]] std::string format_watch(const StatusResponse& status,
                                       const std::optional<StatusRates>& rates, WallTime now);

// The same for scripts, in one line without its end: what `ccbus status --json` has, and time,
// rates (null without).
[[nodiscard]] std::string watch_json(const client::Reply& reply,
                                     const std::optional<StatusRates>& rates, WallTime now);

// A refresh without an answer: why, and since when. `since` is the last answer's time; nothing:
// there was none yet.
struct Silence {
  std::string reason;
  std::optional<WallTime> since;
};
[[nodiscard]] std::string format_silence(const Silence& silence, WallTime now);
[[nodiscard]] std::string silence_json(const client::Reply& reply, const Silence& silence,
                                       WallTime now);

}  // namespace ccbus::cli
