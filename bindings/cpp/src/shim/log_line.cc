#include "bindings/cpp/src/shim/log_line.h"

#include <cstdio>

#include "bindings/cpp/src/transport/utf8.h"

namespace ccbus::shim {
namespace {

void append_escape(std::string& line, unsigned char byte) {
  char text[5];
  std::snprintf(text, sizeof text, "\\x%02x", byte);
  line += text;
}

}  // namespace

std::string log_line(std::string_view text) {
  const bool is_text = transport::is_utf8(text);
  std::string line;
  line.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : ' ');
    const bool is_c1 = byte == 0xc2 && next >= 0x80 && next <= 0x9f;  // U+0080 to U+009F.
    if (is_text && is_c1) {
      append_escape(line, byte);
      append_escape(line, next);
      ++i;
    } else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !is_text)) {
      append_escape(line, byte);
    } else {
      line += text[i];
    }
  }
  return line;
}

}  // namespace ccbus::shim
