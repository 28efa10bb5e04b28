#pragma once

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ccbus {

// Encodes messages that hold encoded messages, layer in layer, into one buffer, without an object
// for any of them. It writes from the last byte to the first, so that a layer is complete when its
// length is written in front of it: the fields of a message are to be written in descending order
// of their numbers, and each layer is closed after what it holds. The bytes are those of
// protobuf's own encoder.
//
// Thread: any one. What is written has to fit into the bytes that were said to be enough.
class BackWriter {
 public:
  // What a field adds to its value at most: its tag and its length.
  static constexpr std::size_t kFieldBytesMax = 2 * 5;

  explicit BackWriter(std::size_t bytes_max) : buffer_(bytes_max, '\0'), begin_(bytes_max) {}

  // The bytes that are written. A layer begins where it was asked before the layer's last field.
  [[nodiscard]] std::size_t written() const { return buffer_.size() - begin_; }

  // A bytes, string or varint field; nothing if the value is empty or zero, as in proto3.
  void bytes(int field, std::string_view value);
  void varint(int field, std::uint64_t value);

  // An element of a repeated bytes field, or a value of a map: present even if it is empty.
  void element(int field, std::string_view value);

  // A field that is a message, and a bytes field that holds an encoded one.
  void message(int field, const google::protobuf::MessageLite& value);
  void encoded(int field, const google::protobuf::MessageLite& value);

  // What was written after `written()` had been `before` becomes the value of the field: of a
  // message, which is present even if it is empty, or of bytes, which are not.
  void close_message(int field, std::size_t before);
  void close_bytes(int field, std::size_t before);

  // All that is written. Valid until the next write.
  [[nodiscard]] std::string_view view() const { return std::string_view(buffer_).substr(begin_); }

  // Ends the writing.
  [[nodiscard]] std::string take() &&;

 private:
  [[nodiscard]] char* room_for(std::size_t bytes);
  void put(std::string_view value);
  void put(const google::protobuf::MessageLite& value);
  void put_varint(std::uint64_t value);
  void put_length_and_tag(int field, std::size_t length);

  std::string buffer_;
  std::size_t begin_;  // Of what is written; it ends with the buffer.
};

}  // namespace ccbus
