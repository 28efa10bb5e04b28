#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ccbus {

// Walks the fields of an encoded protobuf message in place, without decoding it. It supports field
// numbers below 16, varints of at most 4 bytes and length-delimited fields. At anything else it
// stops with is_sound() false; the caller then has protobuf decode the message.
class FieldScanner {
 public:
  enum class Kind : std::uint8_t { kVarint = 0, kBytes = 2 };

  explicit FieldScanner(std::string_view encoded)
      : at_(encoded.data()), end_(encoded.data() + encoded.size()) {}

  // Steps to the next field. False at the end of the message, and at a field that is not supported.
  [[nodiscard]] bool next() {
    if (at_ == end_) return false;
    const auto tag = static_cast<std::uint8_t>(*at_++);
    number_ = tag >> 3;
    if (tag >= 0x80 || number_ == 0) return stop();
    std::size_t value = 0;
    if (!read_varint(value)) return stop();
    kind_ = static_cast<Kind>(tag & 7);
    if (kind_ == Kind::kVarint) {
      varint_ = value;
      return true;
    }
    if (kind_ != Kind::kBytes || value > static_cast<std::size_t>(end_ - at_)) return stop();
    bytes_ = {at_, value};
    at_ += value;
    return true;
  }

  // After next() has returned false: whether it reached the end of the message.
  [[nodiscard]] bool is_sound() const { return is_sound_; }

  // The field's number, below 16.
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_varint(int number) const {
    return number_ == number && kind_ == Kind::kVarint;
  }
  [[nodiscard]] bool is_bytes(int number) const {
    return number_ == number && kind_ == Kind::kBytes;
  }
  // True for a bytes field that holds ASCII only, and is therefore valid UTF-8.
  [[nodiscard]] bool is_text(int number) const { return is_bytes(number) && is_ascii(bytes_); }

  [[nodiscard]] std::size_t varint() const { return varint_; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  static constexpr int kVarintBytesMax = 4;  // Up to 256 MiB, which is above every message.

  [[nodiscard]] bool stop() {
    is_sound_ = false;
    return false;
  }

  [[nodiscard]] bool read_varint(std::size_t& value) {
    for (int count = 0; count < kVarintBytesMax && at_ != end_; ++count) {
      const auto byte = static_cast<std::uint8_t>(*at_++);
      value |= static_cast<std::size_t>(byte & 0x7f) << (7 * count);
      if (byte < 0x80) return true;
    }
    return false;
  }

  [[nodiscard]] static bool is_ascii(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    std::uint64_t seen = 0;
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= sizeof seen; at += sizeof seen, left -= sizeof seen) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      seen |= word;
    }
    for (; left > 0; ++at, --left) seen |= static_cast<std::uint8_t>(*at);
    return (seen & kHighBits) == 0;
  }

  const char* at_;
  const char* const end_;
  bool is_sound_ = true;
  int number_ = 0;
  Kind kind_ = Kind::kVarint;
  std::size_t varint_ = 0;
  std::string_view bytes_;
};

}  // namespace ccbus
