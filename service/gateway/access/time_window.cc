#include "service/gateway/access/time_window.h"

#include <cstdint>

namespace ccbus::gateway {

bool is_in_time_window(const google::protobuf::Timestamp& timestamp, WallTime now) {
  constexpr std::int64_t kSecondsMax = 4'000'000'000;  // So that nothing below overflows.
  if (timestamp.seconds() < 0 || timestamp.seconds() > kSecondsMax) return false;
  const auto time = WallTime(std::chrono::duration_cast<WallTime::duration>(
      std::chrono::seconds(timestamp.seconds()) + std::chrono::nanoseconds(timestamp.nanos())));
  return time >= now - kTimeWindow && time <= now + kTimeWindow;
}

}  // namespace ccbus::gateway
