#include "service/base/duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace ccbus {
namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t milliseconds;
};

// Largest first: formatting takes the first unit that divides the duration.
constexpr std::array kUnits = {Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000},
                               Unit{"ms", 1}};

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const Unit& unit : kUnits) {
    if (error != std::errc{} || suffix != unit.suffix) continue;
    if (count < 0 || count > std::numeric_limits<std::int64_t>::max() / unit.milliseconds) break;
    return std::chrono::milliseconds(count * unit.milliseconds);
  }
  return fail(ErrorCode::kInvalid, "'" + std::string(text) +
                                       "' is not a duration: a whole number and ms, s, m or h, "
                                       "as in 30s");
}

std::string format_duration(std::chrono::milliseconds duration) {
  const std::int64_t count = duration.count();
  for (const Unit& unit : kUnits) {
    if (count >= unit.milliseconds && count % unit.milliseconds == 0) {
      return std::to_string(count / unit.milliseconds) + std::string(unit.suffix);
    }
  }
  return std::to_string(count) + "ms";
}

}  // namespace ccbus
