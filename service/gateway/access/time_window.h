#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <chrono>

#include "service/base/clock.h"

namespace ccbus::gateway {

// As Fabric's peer.authentication.timewindow.
inline constexpr std::chrono::minutes kTimeWindow{15};

// Whether the time in a header that a client has signed is at most kTimeWindow from now. Any
// timestamp may be asked about; one that is no time is not.
[[nodiscard]] bool is_in_time_window(const google::protobuf::Timestamp& timestamp, WallTime now);

}  // namespace ccbus::gateway
