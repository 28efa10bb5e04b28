#pragma once

#include <nlohmann/json_fwd.hpp>

namespace ccbus {
class StatusResponse;
}  // namespace ccbus

namespace ccbus::operations {

// The service as a whole: version, uptime, process, channels, counters.
[[nodiscard]] nlohmann::json varz_json(const ccbus::StatusResponse& status);

}  // namespace ccbus::operations
