#pragma once

#include <google/protobuf/message_lite.h>

#include <climits>
#include <string_view>

namespace ccbus {

// Decodes one encoded protobuf message; what was in `message` before is replaced. False if the
// bytes are no such message, or more than protobuf can hold (2 GiB).
[[nodiscard]] inline bool parse(google::protobuf::MessageLite& message, std::string_view bytes) {
  return bytes.size() <= INT_MAX &&
         message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace ccbus
