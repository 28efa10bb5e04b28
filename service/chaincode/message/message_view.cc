#include "service/chaincode/message/message_view.h"

#include <cstring>

#include "service/base/field_scanner.h"
#include "service/base/parse_message.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

// Tags of the fields. All are below 128 and take one byte.
constexpr std::uint8_t varint_tag(int number) {
  return static_cast<std::uint8_t>(number << 3);
}
constexpr std::uint8_t bytes_tag(int number) {
  return static_cast<std::uint8_t>(number << 3 | 2);
}

// Returns false if the message has anything that the scan does not read; it may still be valid.
bool scan(std::string_view encoded, MessageView& view) {
  FieldScanner fields(encoded);
  while (fields.next()) {
    if (fields.is_varint(Message::kTypeFieldNumber)) {
      view.type = static_cast<Message::Type>(fields.varint());
    } else if (fields.is_bytes(Message::kPayloadFieldNumber)) {
      view.payload = fields.bytes();
    } else if (fields.is_text(Message::kTxidFieldNumber)) {
      view.txid = fields.bytes();
    } else if (fields.is_text(Message::kChannelIdFieldNumber)) {
      view.channel_id = fields.bytes();
    } else {
      return false;
    }
  }
  return fields.is_sound();
}

std::size_t varint_bytes(std::size_t value) {
  std::size_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

std::size_t field_bytes(std::size_t size) {
  return size == 0 ? 0 : 1 + varint_bytes(size) + size;
}

std::uint8_t* write_varint(std::uint8_t* out, std::size_t value) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<std::uint8_t>(value | 0x80);
  *out++ = static_cast<std::uint8_t>(value);
  return out;
}

std::uint8_t* write_bytes(std::uint8_t* out, int number, std::string_view bytes) {
  if (bytes.empty()) return out;
  *out++ = bytes_tag(number);
  out = write_varint(out, bytes.size());
  std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

// The size of an inner message. One that is present is encoded even if it is empty.
template <class Inner>
std::size_t inner_bytes(const Inner* inner) {
  if (inner == nullptr) return 0;
  const std::size_t size = inner->ByteSizeLong();
  return 1 + varint_bytes(size) + size;
}

template <class Inner>
std::uint8_t* write_inner(std::uint8_t* out, int number, const Inner* inner) {
  if (inner == nullptr) return out;
  *out++ = bytes_tag(number);
  out = write_varint(out, static_cast<std::size_t>(inner->GetCachedSize()));
  return inner->SerializeWithCachedSizesToArray(out);
}

}  // namespace

Result<void> take_payload(const MessageView& message, google::protobuf::Message& payload,
                          std::size_t overhead_max) {
  DecodedPayload* const decoded = message.decoded;
  if (decoded == nullptr || decoded->message->GetDescriptor() != payload.GetDescriptor()) {
    return parse_checked(payload, message.payload, overhead_max);
  }
  if (decoded->outcome) payload.GetReflection()->Swap(&payload, decoded->message.get());
  return decoded->outcome;
}

MessageView view_of(const Message& message) {
  return {message.type(),
          message.payload(),
          message.txid(),
          message.channel_id(),
          message.has_proposal() ? &message.proposal() : nullptr,
          message.has_chaincode_event() ? &message.chaincode_event() : nullptr,
          nullptr};
}

std::size_t encoded_bytes(const MessageView& message) {
  const auto type = static_cast<std::size_t>(message.type);
  return (type == 0 ? 0 : 1 + varint_bytes(type)) + field_bytes(message.payload.size()) +
         field_bytes(message.txid.size()) + inner_bytes(message.proposal) +
         inner_bytes(message.chaincode_event) + field_bytes(message.channel_id.size());
}

void encode(const MessageView& message, std::uint8_t* out) {
  if (message.type != 0) {
    *out++ = varint_tag(Message::kTypeFieldNumber);
    out = write_varint(out, static_cast<std::size_t>(message.type));
  }
  out = write_bytes(out, Message::kPayloadFieldNumber, message.payload);
  out = write_bytes(out, Message::kTxidFieldNumber, message.txid);
  out = write_inner(out, Message::kProposalFieldNumber, message.proposal);
  out = write_inner(out, Message::kChaincodeEventFieldNumber, message.chaincode_event);
  write_bytes(out, Message::kChannelIdFieldNumber, message.channel_id);
}

std::string encode(const MessageView& message) {
  std::string bytes(encoded_bytes(message), '\0');
  encode(message, reinterpret_cast<std::uint8_t*>(bytes.data()));
  return bytes;
}

Result<const MessageView*> MessageReader::read(std::span<const std::byte> frame) {
  view_ = {};
  const std::string_view bytes(reinterpret_cast<const char*>(frame.data()), frame.size());
  if (scan(bytes, view_)) return &view_;
  auto parsed = parse_checked(whole_, bytes, kReceivedOverheadMax);
  if (!parsed) return unexpected(parsed.error());
  view_ = view_of(whole_);
  return &view_;
}

}  // namespace ccbus::chaincode
