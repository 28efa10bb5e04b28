#include "service/cli/terminal/markup.h"

#include <cstddef>
#include <cstdint>

namespace ccbus::cli {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// Returns the length of the UTF-8 sequence at the beginning of `text`; 0 if there is no valid one.
// XML allows neither surrogates nor U+FFFE and U+FFFF.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  std::uint32_t point = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
  const bool is_none = point == 0xfffe || point == 0xffff;
  return point < kSmallest[length] || point > 0x10ffff || is_surrogate || is_none ? 0 : length;
}

bool is_control(char letter) {
  const auto byte = static_cast<std::uint8_t>(letter);
  return byte < 0x20 && letter != '\n' && letter != '\t' && letter != '\r';
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0 || is_control(text.front())) {
      out += kReplacement;
    } else if (text.front() == '&') {
      out += "&amp;";
    } else if (text.front() == '<') {
      out += "&lt;";
    } else if (text.front() == '>') {
      out += "&gt;";
    } else if (text.front() == '"') {
      out += "&quot;";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace ccbus::cli
