#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "ccbus/client.pb.h"
#include "ccbus/client/client.h"

namespace ccbus::cli {

// The service's status as tables: the service, its chaincodes with every member of their pools, and
// its channels. Ends with a line break.
[[nodiscard]] std::string format_status(const StatusResponse& status);

// The same with the counters, as one JSON object; for a failure its keys are ok, code and message.
[[nodiscard]] nlohmann::ordered_json status_object(const client::Reply& reply);
[[nodiscard]] std::string status_json(const client::Reply& reply);

// The channels alone, as text and as JSON.
[[nodiscard]] std::string format_channels(const StatusResponse& status);
[[nodiscard]] std::string channels_json(const client::Reply& reply);

// The two largest units that are not zero: 850 ms, 12 s, 3 min 5 s, 2 h 10 min, 4 d 1 h.
[[nodiscard]] std::string format_age(std::uint64_t milliseconds);

}  // namespace ccbus::cli
