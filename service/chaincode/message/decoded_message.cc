#include "service/chaincode/message/decoded_message.h"

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/base/parse_message.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

// What the payload of a message is, if it may have many bytes; otherwise null.
std::unique_ptr<google::protobuf::Message> make_payload(Message::Type type) {
  switch (type) {
    case Message::COMPLETED: return std::make_unique<protos::Response>();
    case Message::PUT_STATE: return std::make_unique<protos::PutState>();
    case Message::WRITE_BATCH_STATE: return std::make_unique<protos::WriteBatchState>();
    case Message::GET_STATE_MULTIPLE: return std::make_unique<protos::GetStateMultiple>();
    case Message::INVOKE_CHAINCODE: return std::make_unique<protos::ChaincodeSpec>();
    default: return nullptr;
  }
}

}  // namespace

Result<std::unique_ptr<DecodedMessage>> DecodedMessage::decode(std::string_view frame) {
  std::unique_ptr<DecodedMessage> message(new DecodedMessage);
  if (auto parsed = parse_checked(message->whole_, frame, kReceivedOverheadMax); !parsed) {
    return unexpected(parsed.error());
  }
  message->view_ = view_of(message->whole_);
  if (auto payload = make_payload(message->view_.type)) {
    auto parsed = parse_checked(*payload, message->view_.payload, kReceivedOverheadMax);
    message->payload_ = {std::move(payload), std::move(parsed)};
    message->view_.decoded = &message->payload_;
  }
  return message;
}

}  // namespace ccbus::chaincode
