#include "service/base/channel_id.h"

#include <string>

#include "service/base/name_rule.h"

namespace ccbus {
namespace {

constexpr NameRule kChannelIdRule{kLowerCase, kLowerCase | "0123456789.-"};

}  // namespace

Result<void> check_channel_id(std::string_view id, std::size_t bytes_max) {
  if (is_name(id, kChannelIdRule, bytes_max)) return {};
  return fail(ErrorCode::kInvalid,
              "'" + std::string(id) +
                  "' is not a channel id: lower-case letters, digits, dots and dashes, a letter "
                  "first, at most " +
                  std::to_string(bytes_max) + " bytes");
}

}  // namespace ccbus
