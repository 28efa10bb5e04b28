#include "tests/bench/chaincode_peer.h"

#include <stdexcept>
#include <utility>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal.pb.h"

namespace ccbus::bench {

using Message = protos::ChaincodeMessage;

ChaincodePeer::ChaincodePeer(Connections& connections, const std::string& name)
    : connections_(&connections), connection_(connections.add()) {
  protos::ChaincodeID id;
  id.set_name(name);
  Message hello;
  hello.set_type(Message::REGISTER);
  hello.set_payload(id.SerializeAsString());
  send(hello);
  static_cast<void>(expect(Message::REGISTERED));
  static_cast<void>(expect(Message::READY));
}

void ChaincodePeer::send(const Message& message) {
  zmq::message_t frame(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(frame.data<std::uint8_t>());
  send_frame(std::move(frame));
}

zmq::message_t ChaincodePeer::receive_frame() {
  zmq::message_t frame;
  if (connections_->receive(connection_, frame) != connection_) {
    throw std::runtime_error("a message for another chaincode");
  }
  return frame;
}

bool ChaincodePeer::receive(Message& message) {
  const zmq::message_t frame = receive_frame();
  if (frame.size() == 0) return false;
  if (!message.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) {
    throw std::runtime_error("not a ChaincodeMessage");
  }
  return true;
}

Message ChaincodePeer::expect(Message::Type type) {
  Message message;
  if (!receive(message) || message.type() != type) {
    throw std::runtime_error("not the message that has to come: " + message.payload());
  }
  return message;
}

Message in_transaction(const Message& transaction, Message::Type type, std::string payload) {
  Message message;
  message.set_type(type);
  message.set_txid(transaction.txid());
  message.set_channel_id(transaction.channel_id());
  message.set_payload(std::move(payload));
  return message;
}

Message completed(const Message& transaction, std::string_view payload) {
  protos::Response response;
  response.set_status(200);
  response.set_payload(std::string(payload));
  return in_transaction(transaction, Message::COMPLETED, response.SerializeAsString());
}

std::string get_state(const std::string& key) {
  protos::GetState request;
  request.set_key(key);
  return request.SerializeAsString();
}

std::string put_state(const std::string& key, const std::string& value) {
  protos::PutState request;
  request.set_key(key);
  request.set_value(value);
  return request.SerializeAsString();
}

}  // namespace ccbus::bench
