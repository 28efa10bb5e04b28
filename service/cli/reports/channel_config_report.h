#pragma once

#include <string>

#include "ccbus/client/client.h"

namespace ccbus::cli {

// Organisations and policies, a line each.
[[nodiscard]] std::string format_channel_config(const ChannelConfig& config);

// {"sequence": 1, "organizations": [{"msp_id": ..., "policies": {...}}], "policies": {...}, ...}
[[nodiscard]] std::string channel_config_json(const client::Reply& reply);

}  // namespace ccbus::cli
