#include "tests/fuzz/request_payload.h"

#include <memory>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal.pb.h"

namespace ccbus::fuzz {
namespace {

using google::protobuf::Message;
using protos::ChaincodeMessage;

std::unique_ptr<Message> payload_type(ChaincodeMessage::Type type) {
  switch (type) {
    case ChaincodeMessage::REGISTER: return std::make_unique<protos::ChaincodeID>();
    case ChaincodeMessage::COMPLETED: return std::make_unique<protos::Response>();
    case ChaincodeMessage::GET_STATE: return std::make_unique<protos::GetState>();
    case ChaincodeMessage::PUT_STATE: return std::make_unique<protos::PutState>();
    case ChaincodeMessage::DEL_STATE: return std::make_unique<protos::DelState>();
    case ChaincodeMessage::INVOKE_CHAINCODE: return std::make_unique<protos::ChaincodeSpec>();
    case ChaincodeMessage::GET_STATE_BY_RANGE: return std::make_unique<protos::GetStateByRange>();
    case ChaincodeMessage::GET_QUERY_RESULT: return std::make_unique<protos::GetQueryResult>();
    case ChaincodeMessage::QUERY_STATE_NEXT: return std::make_unique<protos::QueryStateNext>();
    case ChaincodeMessage::QUERY_STATE_CLOSE: return std::make_unique<protos::QueryStateClose>();
    case ChaincodeMessage::GET_HISTORY_FOR_KEY: return std::make_unique<protos::GetHistoryForKey>();
    case ChaincodeMessage::GET_STATE_METADATA: return std::make_unique<protos::GetStateMetadata>();
    case ChaincodeMessage::PUT_STATE_METADATA: return std::make_unique<protos::PutStateMetadata>();
    case ChaincodeMessage::GET_PRIVATE_DATA_HASH: return std::make_unique<protos::GetState>();
    case ChaincodeMessage::PURGE_PRIVATE_DATA: return std::make_unique<protos::PurgePrivateState>();
    case ChaincodeMessage::WRITE_BATCH_STATE: return std::make_unique<protos::WriteBatchState>();
    case ChaincodeMessage::GET_STATE_MULTIPLE: return std::make_unique<protos::GetStateMultiple>();
    default: return nullptr;
  }
}

std::string page(const MessageFiller& filler, Input& input) {
  protos::QueryMetadata page;
  filler.fill(page, input);
  return page.SerializeAsString();
}

}  // namespace

std::string request_payload(ChaincodeMessage::Type type, const MessageFiller& filler,
                            Input& input) {
  const auto payload = payload_type(type);
  const std::size_t form = input.below(16);
  if (payload == nullptr || form == 0) return std::string(input.text());
  filler.fill(*payload, input);
  if (form < 8) {
    if (auto* range = dynamic_cast<protos::GetStateByRange*>(payload.get())) {
      range->set_metadata(page(filler, input));
    } else if (auto* query = dynamic_cast<protos::GetQueryResult*>(payload.get())) {
      query->set_metadata(page(filler, input));
    }
  }
  return payload->SerializeAsString();
}

}  // namespace ccbus::fuzz
