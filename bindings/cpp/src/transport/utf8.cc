#include "bindings/cpp/src/transport/utf8.h"

#include <cstddef>

namespace ccbus::transport {
namespace {

struct Sequence {
  std::size_t continuation_bytes;
  unsigned char second_min;  // Excludes overlong forms, surrogates and values above U+10FFFF.
  unsigned char second_max;
};

constexpr Sequence kInvalid{0, 1, 0};

constexpr Sequence sequence_of(unsigned char lead) {
  if (lead >= 0xc2 && lead <= 0xdf) return {1, 0x80, 0xbf};
  if (lead == 0xe0) return {2, 0xa0, 0xbf};
  if (lead == 0xed) return {2, 0x80, 0x9f};
  if (lead >= 0xe1 && lead <= 0xef) return {2, 0x80, 0xbf};
  if (lead == 0xf0) return {3, 0x90, 0xbf};
  if (lead >= 0xf1 && lead <= 0xf3) return {3, 0x80, 0xbf};
  if (lead == 0xf4) return {3, 0x80, 0x8f};
  return kInvalid;
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  for (std::size_t at = 0; at < text.size();) {
    if (byte(at) < 0x80) {
      ++at;
      continue;
    }
    const Sequence sequence = sequence_of(byte(at));
    if (sequence.continuation_bytes == 0 || text.size() - at <= sequence.continuation_bytes ||
        byte(at + 1) < sequence.second_min || byte(at + 1) > sequence.second_max)
      return false;
    for (std::size_t i = 2; i <= sequence.continuation_bytes; ++i) {
      if ((byte(at + i) & 0xc0) != 0x80) return false;
    }
    at += 1 + sequence.continuation_bytes;
  }
  return true;
}

}  // namespace ccbus::transport
