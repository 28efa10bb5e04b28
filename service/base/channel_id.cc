#include "service/base/channel_id.h"

#include <algorithm>
#include <string>

namespace ccbus {

Result<void> check_channel_id(std::string_view id, std::size_t bytes_max) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  };
  if (!id.empty() && id.size() <= bytes_max && id.front() >= 'a' && id.front() <= 'z' &&
      std::ranges::all_of(id, allowed)) {
    return {};
  }
  return fail(ErrorCode::kInvalid,
              "'" + std::string(id) +
                  "' is not a channel id: lower-case letters, digits, dots and dashes, a letter "
                  "first, at most " +
                  std::to_string(bytes_max) + " bytes");
}

}  // namespace ccbus
