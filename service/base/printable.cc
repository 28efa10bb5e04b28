#include "service/base/printable.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace ccbus {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x80 * kOnes;

// Returns true if all eight bytes are ASCII and none is a control character. Never says true for a
// byte that needs a closer look; may say false for a word that needs none.
bool eight_are_plain(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const std::uint64_t below_space = (word - 0x20 * kOnes) & ~word;
  const std::uint64_t deletes = word ^ (0x7f * kOnes);  // A byte 0x7f becomes 0.
  return ((word | below_space | ((deletes - kOnes) & ~deletes)) & kHighBits) == 0;
}

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

// Decodes the first character of a text that is not empty. If it is not valid UTF-8 (also too long
// a form, a surrogate, or beyond U+10FFFF) one byte is taken.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  if (lead >= 0xc2 && lead <= 0xdf && continues(text, 1)) {
    return {(char32_t{lead} & 0x1f) << 6 | (char32_t{byte(1)} & 0x3f), 2, true};
  }
  if (lead >= 0xe0 && lead <= 0xef && continues(text, 1) && continues(text, 2)) {
    const char32_t code = (char32_t{lead} & 0x0f) << 12 | (char32_t{byte(1)} & 0x3f) << 6 |
                          (char32_t{byte(2)} & 0x3f);
    if (code >= 0x800 && (code < 0xd800 || code > 0xdfff)) return {code, 3, true};
  }
  if (lead >= 0xf0 && lead <= 0xf4 && continues(text, 1) && continues(text, 2) &&
      continues(text, 3)) {
    const char32_t code = (char32_t{lead} & 0x07) << 18 | (char32_t{byte(1)} & 0x3f) << 12 |
                          (char32_t{byte(2)} & 0x3f) << 6 | (char32_t{byte(3)} & 0x3f);
    if (code >= 0x10000 && code <= 0x10ffff) return {code, 4, true};
  }
  return {lead, 1, false};
}

bool is_printable(char32_t code) {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
  if (code == 0x61c || (code >= 0x200e && code <= 0x200f)) return false;  // Direction marks.
  if (code >= 0x2028 && code <= 0x202e) return false;  // Line separators, directions.
  if (code >= 0x2066 && code <= 0x2069) return false;  // Directions, isolated.
  return code != 0xfeff && (code & 0xfffe) != 0xfffe;  // Byte order mark, noncharacters.
}

std::string escape(Character character) {
  if (!character.valid) return fmt::format("\\x{:02x}", static_cast<unsigned>(character.code));
  if (character.code == '\n') return "\\n";
  if (character.code == '\r') return "\\r";
  if (character.code == '\t') return "\\t";
  if (character.code < 0x80) return fmt::format("\\x{:02x}", static_cast<unsigned>(character.code));
  return fmt::format("\\u{{{:x}}}", static_cast<unsigned>(character.code));
}

}  // namespace

std::size_t printable_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && eight_are_plain(text.data() + at)) {
      at += 8;
      continue;
    }
    const Character character = first_character(text.substr(at));
    if (!character.valid || !is_printable(character.code)) break;
    at += character.bytes;
  }
  return at;
}

std::string printable(std::string_view text, std::size_t bytes_max) {
  // A text of more bytes than that is cut all the same: no escape is shorter than what it stands
  // for.
  const std::string_view looked_at = text.substr(0, std::min(text.size(), bytes_max));
  const std::size_t prefix = printable_prefix(looked_at);
  if (prefix == text.size()) return std::string(text);
  std::string out(text.substr(0, prefix));
  std::size_t at = prefix;
  while (at < text.size()) {
    const Character character = first_character(text.substr(at));
    const bool stays = character.valid && is_printable(character.code);
    const std::string piece =
        stays ? std::string(text.substr(at, character.bytes)) : escape(character);
    if (out.size() + piece.size() > bytes_max) break;
    out += piece;
    at += character.bytes;
  }
  if (at < text.size()) out += "... (" + std::to_string(text.size()) + " bytes)";
  return out;
}

}  // namespace ccbus
