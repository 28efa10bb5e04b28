#include "service/base/back_writer.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstring>
#include <utility>

#include "service/base/assert.h"

namespace ccbus {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;

}  // namespace

char* BackWriter::room_for(std::size_t bytes) {
  CCBUS_ASSERT(bytes <= begin_);
  begin_ -= bytes;
  return buffer_.data() + begin_;
}

void BackWriter::put(std::string_view value) {
  std::memcpy(room_for(value.size()), value.data(), value.size());
}

void BackWriter::put_varint(std::uint64_t value) {
  char* const out = room_for(CodedOutputStream::VarintSize64(value));
  CodedOutputStream::WriteVarint64ToArray(value, reinterpret_cast<std::uint8_t*>(out));
}

void BackWriter::put_length_and_tag(int field, std::size_t length) {
  put_varint(length);
  put_varint(WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
}

void BackWriter::bytes(int field, std::string_view value) {
  if (!value.empty()) element(field, value);
}

void BackWriter::element(int field, std::string_view value) {
  put(value);
  put_length_and_tag(field, value.size());
}

void BackWriter::varint(int field, std::uint64_t value) {
  if (value == 0) return;
  put_varint(value);
  put_varint(WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_VARINT));
}

void BackWriter::put(const google::protobuf::MessageLite& value) {
  char* const out = room_for(value.ByteSizeLong());
  value.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(out));
}

void BackWriter::message(int field, const google::protobuf::MessageLite& value) {
  const std::size_t before = written();
  put(value);
  close_message(field, before);
}

void BackWriter::encoded(int field, const google::protobuf::MessageLite& value) {
  const std::size_t before = written();
  put(value);
  close_bytes(field, before);
}

void BackWriter::close_message(int field, std::size_t before) {
  put_length_and_tag(field, written() - before);
}

void BackWriter::close_bytes(int field, std::size_t before) {
  if (written() != before) close_message(field, before);
}

std::string BackWriter::take() && {
  buffer_.erase(0, begin_);
  return std::move(buffer_);
}

}  // namespace ccbus
