#pragma once

#include <string>

#include "ccbus/client/client.h"

namespace ccbus::cli {

// "channel mychannel created, at height 0, state database embedded"
[[nodiscard]] std::string format_channel(const client::Reply& reply, const std::string& done);

// ok, code, message, details, channel_id, height.
[[nodiscard]] std::string channel_json(const client::Reply& reply);

}  // namespace ccbus::cli
