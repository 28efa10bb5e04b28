#pragma once

#include <google/protobuf/message_lite.h>

#include <climits>
#include <string_view>

namespace ccbus {

// Decodes one protobuf message and replaces the content of `message`. Returns false if the bytes
// are not such a message, or are more than protobuf can decode (2 GiB).
[[nodiscard]] inline bool parse(google::protobuf::MessageLite& message, std::string_view bytes) {
  return bytes.size() <= INT_MAX &&
         message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace ccbus
