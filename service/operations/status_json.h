#pragma once

#include <nlohmann/json.hpp>

#include "ccbus/client.pb.h"

namespace ccbus::operations {

// The service as a whole: version, uptime, process, channels, counters.
[[nodiscard]] nlohmann::json varz_json(const ccbus::StatusResponse& status);

}  // namespace ccbus::operations
