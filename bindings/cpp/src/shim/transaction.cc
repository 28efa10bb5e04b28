#include "bindings/cpp/src/shim/transaction.h"

#include <optional>
#include <utility>

#include "bindings/cpp/src/shim/message_encoding.h"
#include "bindings/cpp/src/transport/utf8.h"
#include "ccbus/shim/error.h"
#include "ccbus/shim/stub.h"
#include "fabric/peer/proposal.pb.h"

namespace ccbus::shim {
namespace {

using protos::ChaincodeMessage;

Response call(Chaincode& chaincode, ChaincodeMessage::Type type, Stub& stub) {
  try {
    Response response =
        type == ChaincodeMessage::INIT ? chaincode.init(stub) : chaincode.invoke(stub);
    stub.finish_write_batch();
    return response;
  } catch (const std::exception& e) {
    return error(e.what());
  } catch (...) {
    return error("the chaincode threw something that is not a std::exception");
  }
}

protos::Response encodable(Response response) {
  protos::Response encoded;
  encoded.set_status(response.status);
  // The peer would end the stream if it could not decode the answer.
  encoded.set_message(transport::is_utf8(response.message)
                          ? std::move(response.message)
                          : "(the chaincode's message is not UTF-8 and is left out)");
  encoded.set_payload(std::move(response.payload));
  return encoded;
}

}  // namespace

Transaction::Transaction(std::uint64_t stream, ChaincodeMessage message, const Readiness& readiness)
    : stream_(stream), message_(std::move(message)), readiness_(readiness) {}

zmq::message_t Transaction::execute(Chaincode& chaincode) {
  // txid and channel are copied, not moved: the stream's thread finds the transaction by them.
  ChaincodeMessage for_stub;
  for_stub.set_txid(message_.txid());
  for_stub.set_channel_id(message_.channel_id());
  for_stub.mutable_payload()->swap(*message_.mutable_payload());
  if (message_.has_proposal()) for_stub.set_allocated_proposal(message_.release_proposal());

  std::optional<Stub> stub;
  try {
    stub.emplace(*this, std::move(for_stub));
  } catch (const Error& e) {
    return refusal(e.what());
  }
  about_to_call(stub->function_and_parameters().function);
  const protos::Response response = encodable(call(chaincode, message_.type(), *stub));
  return encode_message(ChaincodeMessage::COMPLETED, message_, response, stub->event());
}

zmq::message_t Transaction::encoded(ChaincodeMessage::Type type,
                                    const google::protobuf::MessageLite& request) const {
  return encode_message(type, message_, request, nullptr);
}

zmq::message_t Transaction::refusal(std::string text) const {
  ChaincodeMessage message;
  message.set_type(ChaincodeMessage::ERROR);
  message.set_payload(std::move(text));
  message.set_txid(message_.txid());
  message.set_channel_id(message_.channel_id());
  return encode_message(message);
}

}  // namespace ccbus::shim
