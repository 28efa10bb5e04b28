#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ccbus::fuzz {

// The bytes of one fuzz input, from which a target takes its decisions one after the other. At the
// end every number is 0 and every text is empty, so each loop must also stop at empty().
//
// Lifetime: the texts point into the input.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : left_(reinterpret_cast<const char*>(data), size) {}

  [[nodiscard]] bool empty() const { return left_.empty(); }

  [[nodiscard]] std::uint8_t byte() {
    if (left_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(left_.front());
    left_.remove_prefix(1);
    return value;
  }

  // A number from 0 to `end` - 1. Takes one byte, so `end` is at most 256.
  [[nodiscard]] std::size_t below(std::size_t end) { return byte() % end; }

  // Takes a byte for the length, and as many bytes as that, or all that are left.
  [[nodiscard]] std::string_view text() { return take(byte()); }

  // As text(), but with two bytes for the length.
  [[nodiscard]] std::string_view long_text() {
    const std::size_t low = byte();
    return take(low | static_cast<std::size_t>(byte()) << 8);
  }

  // As text(), but valid UTF-8, as every string in a message.
  [[nodiscard]] std::string ascii() {
    std::string text_of_seven_bits(text());
    for (char& c : text_of_seven_bits) c = static_cast<char>(static_cast<unsigned char>(c) & 0x7f);
    return text_of_seven_bits;
  }

  [[nodiscard]] std::string_view rest() { return take(left_.size()); }

 private:
  [[nodiscard]] std::string_view take(std::size_t size) {
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view left_;
};

}  // namespace ccbus::fuzz
