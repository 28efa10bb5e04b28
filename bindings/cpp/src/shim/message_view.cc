#include "bindings/cpp/src/shim/message_view.h"

#include "bindings/cpp/src/shim/field_reader.h"

namespace ccbus::shim {

std::optional<MessageView> view_message(std::string_view frame) {
  using protos::ChaincodeMessage;
  MessageView view;
  FieldReader fields(frame);
  while (fields.next()) {
    switch (fields.tag()) {
      case FieldReader::number_tag(ChaincodeMessage::kTypeFieldNumber):
        view.type = static_cast<ChaincodeMessage::Type>(fields.number());
        break;
      case FieldReader::bytes_tag(ChaincodeMessage::kPayloadFieldNumber):
        view.payload = fields.bytes();
        break;
      case FieldReader::bytes_tag(ChaincodeMessage::kTxidFieldNumber):
        view.txid = fields.bytes();
        break;
      case FieldReader::bytes_tag(ChaincodeMessage::kChannelIdFieldNumber):
        view.channel_id = fields.bytes();
        break;
      default: return std::nullopt;
    }
  }
  if (!fields.has_read_all()) return std::nullopt;
  return view;
}

}  // namespace ccbus::shim
