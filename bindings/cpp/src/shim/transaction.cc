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
    : stream_(stream),
      channel_id_(message.channel_id()),
      txid_(message.txid()),
      readiness_(readiness),
      message_(std::move(message)) {}

zmq::message_t Transaction::execute(Chaincode& chaincode) {
  const ChaincodeMessage::Type type = message_.type();
  std::optional<Stub> stub;
  try {
    stub.emplace(*this, std::move(message_));
  } catch (const Error& e) {
    return refusal(e.what());
  }
  about_to_call(stub->function_and_parameters().function);
  const protos::Response response = encodable(call(chaincode, type, *stub));
  return encode_message(ChaincodeMessage::COMPLETED, name(), response, stub->event());
}

zmq::message_t Transaction::encoded(ChaincodeMessage::Type type,
                                    const google::protobuf::MessageLite& request) const {
  return encode_message(type, name(), request, nullptr);
}

zmq::message_t Transaction::refusal(std::string text) const {
  ChaincodeMessage message;
  message.set_type(ChaincodeMessage::ERROR);
  message.set_payload(std::move(text));
  message.set_txid(txid_);
  message.set_channel_id(channel_id_);
  return encode_message(message);
}

}  // namespace ccbus::shim
