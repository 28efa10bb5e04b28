#include "service/security/crypto/pem.h"

#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ccbus::security {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kSpace = " \t\r\n";
constexpr std::size_t kLineBytes = 48;  // 64 characters.

std::string_view trim_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of(kSpace);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// Takes the first line off the text, and returns it without the space at its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return trim_end(line);
}

// Returns the position of a line that begins so, or npos.
std::size_t find_line(std::string_view text, std::string_view beginning) {
  std::size_t at = text.find(beginning);
  while (at != std::string_view::npos && at != 0 && text[at - 1] != '\n') {
    at = text.find(beginning, at + 1);
  }
  return at;
}

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

// Base64 with padding; white space anywhere.
std::optional<std::string> decode_base64(std::string_view text) {
  std::string digits;
  digits.reserve(text.size());
  for (const char c : text) {
    if (kSpace.find(c) == std::string_view::npos) digits.push_back(c);
  }
  if (digits.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && !digits.empty() && digits.back() == '=') {
    digits.pop_back();
    ++padding;
  }
  std::string bytes;
  bytes.reserve(digits.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int pending = 0;
  for (const char c : digits) {
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    pending += 6;
    if (pending < 8) continue;
    pending -= 8;
    bytes.push_back(static_cast<char>(bits >> pending & 0xff));
  }
  return bytes;
}

// The headers of a block, lines with a colon, stand before its content.
std::string_view skip_headers(std::string_view body) {
  std::string_view rest = body;
  while (!rest.empty()) {
    const std::string_view before = rest;
    if (take_line(rest).find(':') == std::string_view::npos) return before;
  }
  return rest;
}

// The block whose first line begins the text.
std::optional<PemBlock> block_at_start(std::string_view text) {
  std::string_view rest = text.substr(kBegin.size());
  std::string_view type = take_line(rest);
  if (!type.ends_with(kDashes)) return std::nullopt;
  type.remove_suffix(kDashes.size());
  const std::size_t end = find_line(rest, kDashes);  // Content never begins with dashes.
  if (end == std::string_view::npos || !rest.substr(end).starts_with(kEnd)) return std::nullopt;
  const std::string_view body = rest.substr(0, end);
  rest.remove_prefix(end + kEnd.size());
  const std::string_view closing = take_line(rest);
  if (closing.size() != type.size() + kDashes.size() || !closing.starts_with(type) ||
      !closing.ends_with(kDashes)) {
    return std::nullopt;
  }
  auto bytes = decode_base64(skip_headers(body));
  if (!bytes) return std::nullopt;
  return PemBlock{std::string(type), std::move(*bytes), rest};
}

}  // namespace

std::optional<PemBlock> decode_pem(std::string_view text) {
  for (std::size_t at = find_line(text, kBegin); at != std::string_view::npos;
       at = find_line(text, kBegin)) {
    text.remove_prefix(at);
    if (auto block = block_at_start(text)) return block;
    take_line(text);
  }
  return std::nullopt;
}

std::string encode_pem(std::string_view type, std::string_view bytes) {
  std::string text = std::string(kBegin) + std::string(type) + std::string(kDashes) + "\n";
  std::vector<unsigned char> line(kLineBytes / 3 * 4 + 1);
  for (std::size_t at = 0; at < bytes.size(); at += kLineBytes) {
    const std::string_view piece = bytes.substr(at, kLineBytes);
    const int size =
        EVP_EncodeBlock(line.data(), reinterpret_cast<const unsigned char*>(piece.data()),
                        static_cast<int>(piece.size()));
    text.append(reinterpret_cast<const char*>(line.data()), static_cast<std::size_t>(size));
    text.push_back('\n');
  }
  return text + std::string(kEnd) + std::string(type) + std::string(kDashes) + "\n";
}

}  // namespace ccbus::security
