#include "tests/fuzz/message_filler.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace ccbus::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// A small number, or one at which arithmetic may overflow.
std::uint64_t number(Input& input) {
  constexpr std::array<std::uint64_t, 8> kEdges = {
      std::numeric_limits<std::int32_t>::max(),
      static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::min()),
      std::numeric_limits<std::uint32_t>::max(),
      std::numeric_limits<std::int64_t>::max(),
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::min()),
      std::numeric_limits<std::uint64_t>::max(),
      1'000,
      100'000};
  const std::uint8_t first = input.byte();
  return first < 0xf8 ? first : kEdges[first - 0xf8];
}

void set_number(Message& message, const FieldDescriptor& field, std::uint64_t value) {
  const Reflection& reflection = *message.GetReflection();
  const auto put = [&](auto set_one, auto add_one, auto converted) {
    if (field.is_repeated()) {
      (reflection.*add_one)(&message, &field, converted);
    } else {
      (reflection.*set_one)(&message, &field, converted);
    }
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return put(&Reflection::SetInt32, &Reflection::AddInt32, static_cast<std::int32_t>(value));
    case FieldDescriptor::CPPTYPE_INT64:
      return put(&Reflection::SetInt64, &Reflection::AddInt64, static_cast<std::int64_t>(value));
    case FieldDescriptor::CPPTYPE_UINT32:
      return put(&Reflection::SetUInt32, &Reflection::AddUInt32, static_cast<std::uint32_t>(value));
    case FieldDescriptor::CPPTYPE_UINT64:
      return put(&Reflection::SetUInt64, &Reflection::AddUInt64, value);
    case FieldDescriptor::CPPTYPE_BOOL:
      return put(&Reflection::SetBool, &Reflection::AddBool, (value & 1) != 0);
    case FieldDescriptor::CPPTYPE_ENUM:
      return put(&Reflection::SetEnumValue, &Reflection::AddEnumValue, static_cast<int>(value));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return put(&Reflection::SetFloat, &Reflection::AddFloat, static_cast<float>(value));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return put(&Reflection::SetDouble, &Reflection::AddDouble, static_cast<double>(value));
    default: return;
  }
}

}  // namespace

std::string MessageFiller::word(Input& input) const {
  const std::size_t choice = input.byte();
  if (choice < words_.size()) return std::string(words_[choice]);
  return input.ascii();
}

std::string MessageFiller::text_of(const FieldDescriptor& field, Input& input) const {
  const std::size_t choice = input.byte();
  if (choice < words_.size()) return std::string(words_[choice]);
  // Encoded text that is not UTF-8 would not be decoded.
  return field.type() == FieldDescriptor::TYPE_STRING ? input.ascii() : std::string(input.text());
}

void MessageFiller::fill(Message& message, Input& input, int depth) const {
  const auto& type = *message.GetDescriptor();
  for (int count = 0; count < kFieldsMax && !input.empty() && type.field_count() > 0; ++count) {
    const auto choice = input.below(static_cast<std::size_t>(type.field_count()) + 1);
    if (choice == static_cast<std::size_t>(type.field_count())) return;
    set(message, *type.field(static_cast<int>(choice)), input, depth);
  }
}

void MessageFiller::set(Message& message, const FieldDescriptor& field, Input& input,
                        int depth) const {
  const Reflection& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    if (depth == kDepthMax) return;
    Message* inner = field.is_repeated() ? reflection.AddMessage(&message, &field)
                                         : reflection.MutableMessage(&message, &field);
    fill(*inner, input, depth + 1);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    if (field.is_repeated()) {
      reflection.AddString(&message, &field, text_of(field, input));
    } else {
      reflection.SetString(&message, &field, text_of(field, input));
    }
  } else {
    set_number(message, field, number(input));
  }
}

}  // namespace ccbus::fuzz
