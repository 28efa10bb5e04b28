#pragma once

#include <cstdint>
#include <string_view>

namespace ccbus::shim {

// Reads the fields of an encoded protobuf message one after the other, where they lie. It knows
// numbers and bytes with tags of one byte, and stops at everything else.
class FieldReader {
 public:
  explicit FieldReader(std::string_view message) : rest_(message) {}

  // Goes to the next field. Returns false at the end, and at what it cannot read.
  [[nodiscard]] bool next() {
    if (rest_.empty()) return false;
    tag_ = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    const unsigned wire_type = tag_ & 7;
    is_readable_ = tag_ < 0x80 && tag_ >> 3 != 0 && (wire_type == 0 || wire_type == 2) &&
                   take_number() && (wire_type == 0 || take_bytes());
    return is_readable_;
  }

  // After next() has returned false: whether that was the end.
  [[nodiscard]] bool has_read_all() const { return is_readable_; }

  // Of the field: its number in the message and its type, as encoded; its value.
  [[nodiscard]] unsigned tag() const { return tag_; }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

  static constexpr unsigned number_tag(int field) { return static_cast<unsigned>(field) << 3; }
  static constexpr unsigned bytes_tag(int field) { return number_tag(field) | 2; }

 private:
  bool take_number() {
    number_ = 0;
    for (int shift = 0; shift < 63 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      number_ |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool take_bytes() {
    if (number_ > rest_.size()) return false;
    bytes_ = rest_.substr(0, number_);
    rest_.remove_prefix(number_);
    return true;
  }

  std::string_view rest_;
  bool is_readable_ = true;
  unsigned tag_ = 0;
  std::uint64_t number_ = 0;
  std::string_view bytes_;
};

}  // namespace ccbus::shim
