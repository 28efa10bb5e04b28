#pragma once

#include <nlohmann/json_fwd.hpp>

namespace ccbus {
class StatusResponse;
}  // namespace ccbus

namespace ccbus::operations {

// The response to /varz: version, uptime, endpoints, resource usage, channels and counters.
[[nodiscard]] nlohmann::json varz_json(const ccbus::StatusResponse& status);

}  // namespace ccbus::operations
