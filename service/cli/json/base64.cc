#include "service/cli/json/base64.h"

#include <cstdint>

namespace ccbus::cli {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kPadding = '=';

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const char byte : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(byte);
    for (bit_count += 8; bit_count >= 6; bit_count -= 6)
      text.push_back(kAlphabet[(bits >> (bit_count - 6)) & 0x3f]);
  }
  if (bit_count > 0) text.push_back(kAlphabet[(bits << (6 - bit_count)) & 0x3f]);
  text.resize((text.size() + 3) / 4 * 4, kPadding);
  return text;
}

Result<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return fail(ErrorCode::kInvalid, "base64 comes in groups of four characters");
  for (int padding = 0; padding < 2 && text.ends_with(kPadding); ++padding) text.remove_suffix(1);

  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const char character : text) {
    const std::size_t value = kAlphabet.find(character);
    if (value == std::string_view::npos)
      return fail(ErrorCode::kInvalid, std::string("'") + character + "' is no base64 character");
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    bytes.push_back(static_cast<char>((bits >> bit_count) & 0xff));
  }
  if ((bits & ((1u << bit_count) - 1)) != 0)
    return fail(ErrorCode::kInvalid, "the last base64 character has bits that encode nothing");
  return bytes;
}

}  // namespace ccbus::cli
