#include "service/assembly/wrong_endpoint.h"

#include <string>

#include "fabric/peer/chaincode.pb.h"
#include "service/base/parse_message.h"
#include "service/chaincode/message/chaincode_name.h"

namespace ccbus {
namespace {

// What is longer is worth no look.
constexpr std::size_t kLookedThroughMax = 4u << 10;

// Whether the frame is that message and nothing else. Almost any bytes can be read as some message,
// but then fields are left over.
bool is_exactly(google::protobuf::Message& message, std::string_view frame) {
  return !frame.empty() && frame.size() <= kLookedThroughMax && parse(message, frame) &&
         message.SerializeAsString() == frame;
}

// Whether the frame is the REGISTER of a chaincode, whose name is then in `id`. That of a name like
// "asset:1.0" can be read as a client's request, too; a request never has such a name.
bool is_registration(std::string_view frame, protos::ChaincodeID& id) {
  constexpr std::size_t kNameMax = 255;
  protos::ChaincodeMessage message;
  return is_exactly(message, frame) && message.type() == protos::ChaincodeMessage::REGISTER &&
         is_exactly(id, message.payload()) &&
         chaincode::check_registration_name(id.name(), kNameMax).has_value();
}

}  // namespace

std::optional<protos::ChaincodeMessage> answer_to_chaincode(std::string_view frame,
                                                            std::string_view chaincode_endpoint) {
  protos::ChaincodeID id;
  if (!is_registration(frame, id)) return std::nullopt;
  protos::ChaincodeMessage answer;
  answer.set_type(protos::ChaincodeMessage::ERROR);
  answer.set_payload("chaincode " + id.name() +
                     " has connected to the endpoint for clients (peer.listenAddress); chaincodes "
                     "connect to " +
                     std::string(chaincode_endpoint) + " (peer.chaincodeListenAddress)");
  protos::ChaincodeEvent& event = *answer.mutable_chaincode_event();
  event.set_event_name("wrong-endpoint");
  event.set_payload(std::string(chaincode_endpoint));
  return answer;
}

std::optional<ccbus::ClientResponse> answer_to_client(std::string_view frame,
                                                      std::string_view client_endpoint) {
  protos::ChaincodeID id;
  ccbus::ClientRequest request;
  if (is_registration(frame, id) || !is_exactly(request, frame) ||
      request.request_case() == ccbus::ClientRequest::REQUEST_NOT_SET) {
    return std::nullopt;
  }
  ccbus::ClientResponse answer;
  answer.set_correlation_id(request.correlation_id());
  answer.mutable_status()->set_code(ccbus::FAILED_PRECONDITION);
  answer.mutable_status()->set_message(
      "this client has connected to the endpoint for chaincodes (peer.chaincodeListenAddress); "
      "clients connect to " +
      std::string(client_endpoint) + " (peer.listenAddress)");
  return answer;
}

}  // namespace ccbus
