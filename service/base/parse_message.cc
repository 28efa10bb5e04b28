#include "service/base/parse_message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/wire_format_lite.h>

#include <climits>
#include <cstdint>
#include <string>

namespace ccbus {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr int kDepthMax = 100;                        // Protobuf's own.
constexpr std::size_t kCountedFieldsMax = 1'000'100;  // Above every limit of a count.

// Bytes in memory, with the allocator's share.
constexpr std::size_t kMessageBytes = 96;
constexpr std::size_t kTextBytes = 48;
constexpr std::size_t kUnknownBytes = 64;
constexpr std::size_t kNumberBytes = 8;

class Overhead {
 public:
  explicit Overhead(std::size_t max) : max_(max) {}

  // Adds the fields of one message. Returns false at the limit, or if the bytes are not sound.
  bool add(CodedInputStream& in, const Descriptor& type, int depth) {
    while (const std::uint32_t tag = in.ReadTag()) {
      const auto* const field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      if (!add_field(in, tag, field, depth) || bytes_ > max_) return false;
    }
    return in.ConsumedEntireMessage() || in.BytesUntilLimit() == 0;
  }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  bool add_field(CodedInputStream& in, std::uint32_t tag, const FieldDescriptor* field, int depth) {
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      bytes_ += is_number_of(field, tag) ? kNumberBytes : kUnknownBytes;
      return skip_number(in, tag);
    }
    std::uint32_t size = 0;
    if (!in.ReadVarint32(&size)) return false;
    if (field == nullptr) {
      bytes_ += kUnknownBytes;
    } else if (field->type() == FieldDescriptor::TYPE_MESSAGE) {
      bytes_ += kMessageBytes;
      return add_inner(in, size, *field->message_type(), depth + 1);
    } else if (field->is_packable()) {
      bytes_ += kNumberBytes * size;
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      bytes_ += kTextBytes;
    } else {
      bytes_ += kUnknownBytes;
    }
    return size <= INT_MAX && in.Skip(static_cast<int>(size));
  }

  bool add_inner(CodedInputStream& in, std::uint32_t size, const Descriptor& type, int depth) {
    if (size > INT_MAX || depth > kDepthMax) return false;
    const auto outer = in.PushLimit(static_cast<int>(size));
    if (!add(in, type, depth)) return false;
    in.PopLimit(outer);
    return true;
  }

  // Whether the tag is one that the field has when it is encoded. Any other is kept as an unknown
  // field.
  static bool is_number_of(const FieldDescriptor* field, std::uint32_t tag) {
    return field != nullptr && WireFormatLite::GetTagWireType(tag) ==
                                   WireFormatLite::WireTypeForFieldType(
                                       static_cast<WireFormatLite::FieldType>(field->type()));
  }

  static bool skip_number(CodedInputStream& in, std::uint32_t tag) {
    std::uint64_t number = 0;
    switch (WireFormatLite::GetTagWireType(tag)) {
      case WireFormatLite::WIRETYPE_VARINT: return in.ReadVarint64(&number);
      case WireFormatLite::WIRETYPE_FIXED64: return in.Skip(sizeof(std::uint64_t));
      case WireFormatLite::WIRETYPE_FIXED32: return in.Skip(sizeof(std::uint32_t));
      default: return true;  // A group's begin or end; its fields count as those around it.
    }
  }

  const std::size_t max_;
  std::size_t bytes_ = 0;
};

}  // namespace

std::size_t decoded_overhead(const Descriptor& type, std::string_view encoded, std::size_t max) {
  if (encoded.size() > INT_MAX) return 0;
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(encoded.data()),
                      static_cast<int>(encoded.size()));
  Overhead overhead(max);
  static_cast<void>(overhead.add(in, type, 0));
  return overhead.bytes();
}

std::size_t count_fields(std::string_view encoded, int number) {
  if (encoded.size() > INT_MAX) return 0;
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(encoded.data()),
                      static_cast<int>(encoded.size()));
  const std::uint32_t counted =
      WireFormatLite::MakeTag(number, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  std::size_t count = 0;
  for (std::size_t fields = 0; fields <= kCountedFieldsMax; ++fields) {
    const std::uint32_t tag = in.ReadTag();
    if (tag == counted) ++count;
    if (tag == 0 || !WireFormatLite::SkipField(&in, tag)) break;
  }
  return count;
}

Result<void> parse_checked(google::protobuf::Message& message, std::string_view bytes,
                           std::size_t overhead_max) {
  const auto shown = [&] {
    return message.GetTypeName() + " (" + std::to_string(bytes.size()) + " bytes)";
  };
  if (bytes.size() > kUncheckedBytesMax &&
      decoded_overhead(*message.GetDescriptor(), bytes, overhead_max) > overhead_max) {
    return fail(ErrorCode::kExhausted, "the fields of a " + shown() +
                                           " are too many: decoded they "
                                           "would take more than " +
                                           std::to_string(overhead_max) +
                                           " bytes beside their content");
  }
  if (bytes.size() > INT_MAX ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(ErrorCode::kInvalid, "not a " + shown());
  }
  if (bytes.size() > kUncheckedBytesMax) message.DiscardUnknownFields();
  return {};
}

}  // namespace ccbus
