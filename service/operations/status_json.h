#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>

#include "ccbus/client.pb.h"

namespace ccbus::operations {

// The service as a whole: version, uptime, process, channels, counters.
[[nodiscard]] nlohmann::json varz_json(const ccbus::StatusResponse& status);

struct Page {
  std::size_t offset = 0;
  std::size_t limit = 1024;
};

// The chaincodes' handlers, each with its epoch ("handler"), and how many there are in all.
[[nodiscard]] nlohmann::json connz_json(const ccbus::StatusResponse& status, Page page);

}  // namespace ccbus::operations
