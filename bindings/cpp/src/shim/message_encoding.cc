#include "bindings/cpp/src/shim/message_encoding.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <string_view>

namespace ccbus::shim {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;
using protos::ChaincodeMessage;

constexpr std::uint32_t bytes_tag(int field) {
  return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

constexpr std::uint32_t kTypeTag =
    WireFormatLite::MakeTag(ChaincodeMessage::kTypeFieldNumber, WireFormatLite::WIRETYPE_VARINT);
constexpr std::uint32_t kPayloadTag = bytes_tag(ChaincodeMessage::kPayloadFieldNumber);
constexpr std::uint32_t kTxidTag = bytes_tag(ChaincodeMessage::kTxidFieldNumber);
constexpr std::uint32_t kEventTag = bytes_tag(ChaincodeMessage::kChaincodeEventFieldNumber);
constexpr std::uint32_t kChannelTag = bytes_tag(ChaincodeMessage::kChannelIdFieldNumber);

// Every tag above is below 16 and takes one byte.
std::size_t field_bytes(std::size_t content) {
  return 1 + CodedOutputStream::VarintSize32(static_cast<std::uint32_t>(content)) + content;
}

std::uint8_t* write_text(std::uint32_t tag, std::string_view text, std::uint8_t* out) {
  out = CodedOutputStream::WriteTagToArray(tag, out);
  out = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(text.size()), out);
  return std::copy(text.begin(), text.end(), out);
}

// Call ByteSizeLong() of the message first: it caches the sizes that this uses.
std::uint8_t* write_nested(std::uint32_t tag, const google::protobuf::MessageLite& message,
                           std::uint8_t* out) {
  out = CodedOutputStream::WriteTagToArray(tag, out);
  out = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(message.GetCachedSize()),
                                                out);
  return message.SerializeWithCachedSizesToArray(out);
}

}  // namespace

zmq::message_t encode_message(ChaincodeMessage::Type type, const TransactionName& transaction,
                              const google::protobuf::MessageLite& payload,
                              const protos::ChaincodeEvent* event) {
  const std::size_t type_bytes = 1 + CodedOutputStream::VarintSize32(type);
  const std::size_t event_bytes = event ? field_bytes(event->ByteSizeLong()) : 0;
  zmq::message_t frame(type_bytes + field_bytes(payload.ByteSizeLong()) +
                       field_bytes(transaction.txid.size()) + event_bytes +
                       field_bytes(transaction.channel_id.size()));

  auto* out = frame.data<std::uint8_t>();
  out = CodedOutputStream::WriteTagToArray(kTypeTag, out);
  out = CodedOutputStream::WriteVarint32ToArray(type, out);
  out = write_nested(kPayloadTag, payload, out);
  out = write_text(kTxidTag, transaction.txid, out);
  if (event) out = write_nested(kEventTag, *event, out);
  write_text(kChannelTag, transaction.channel_id, out);
  return frame;
}

zmq::message_t encode_message(const ChaincodeMessage& message) {
  zmq::message_t frame(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(frame.data<std::uint8_t>());
  return frame;
}

}  // namespace ccbus::shim
