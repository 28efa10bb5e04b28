// Whatever the scanner accepts as a whole, protobuf accepts as well, with the same fields in the
// same order. (Protobuf's parser keeps the fields of an empty message as unknown ones.)

#include <google/protobuf/empty.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "service/base/assert.h"
#include "service/base/field_scanner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  int count = 0;
  ccbus::FieldScanner first(bytes);
  while (first.next()) ++count;
  if (!first.is_sound()) return 0;

  google::protobuf::Empty message;
  CCBUS_ASSERT(message.ParseFromArray(data, static_cast<int>(size)));
  const auto& fields = message.GetReflection()->GetUnknownFields(message);
  CCBUS_ASSERT(fields.field_count() == count);
  ccbus::FieldScanner scanner(bytes);
  for (int at = 0; scanner.next(); ++at) {
    const auto& field = fields.field(at);
    CCBUS_ASSERT(scanner.number() == field.number());
    if (scanner.is_varint(field.number())) {
      CCBUS_ASSERT(field.type() == google::protobuf::UnknownField::TYPE_VARINT);
      CCBUS_ASSERT(scanner.varint() == field.varint());
    } else {
      CCBUS_ASSERT(scanner.is_bytes(field.number()));
      CCBUS_ASSERT(field.type() == google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED);
      CCBUS_ASSERT(scanner.bytes() == field.length_delimited());
      const bool is_ascii = std::ranges::all_of(
          scanner.bytes(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
      CCBUS_ASSERT(scanner.is_text(field.number()) == is_ascii);
    }
  }
  return 0;
}
