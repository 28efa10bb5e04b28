#include "bindings/cpp/tests/support/scripted_peer.h"

#include <stdexcept>

#include "fabric/peer/chaincode.pb.h"

namespace ccbus::testing {

ScriptedPeer::Said ScriptedPeer::hear() {
  ScriptedRouter::Frame frame = router_.receive();
  Said said{std::move(frame.peer), {}};
  if (frame.bytes.empty() || !said.message.ParseFromString(frame.bytes))
    throw std::runtime_error("the shim sent a frame that is no ChaincodeMessage");
  return said;
}

ChaincodeMessage ScriptedPeer::hear(const std::string& peer, ChaincodeMessage::Type type) {
  Said said = hear();
  if (said.peer != peer || said.message.type() != type)
    throw std::runtime_error("the shim sent " + ChaincodeMessage::Type_Name(said.message.type()) +
                             " where the test expects " + ChaincodeMessage::Type_Name(type));
  return std::move(said.message);
}

void ScriptedPeer::say(const std::string& peer, const ChaincodeMessage& message) {
  router_.send(peer, message.SerializeAsString());
}

std::string ScriptedPeer::accept() {
  const Said said = hear();
  if (said.message.type() != ChaincodeMessage::REGISTER)
    throw std::runtime_error("the shim has to begin with REGISTER");
  ChaincodeMessage message;
  message.set_type(ChaincodeMessage::REGISTERED);
  say(said.peer, message);
  message.set_type(ChaincodeMessage::READY);
  say(said.peer, message);
  return said.peer;
}

ChaincodeMessage message_of(ChaincodeMessage::Type type, std::string payload, std::string txid) {
  ChaincodeMessage message;
  message.set_type(type);
  message.set_payload(std::move(payload));
  message.set_txid(std::move(txid));
  message.set_channel_id("channel-1");
  return message;
}

ChaincodeMessage transaction_of(const std::vector<std::string>& args, std::string txid) {
  protos::ChaincodeInput input;
  for (const std::string& arg : args) input.add_args(arg);
  return message_of(ChaincodeMessage::TRANSACTION, input.SerializeAsString(), std::move(txid));
}

protos::Response response_in(const ChaincodeMessage& completed) {
  protos::Response response;
  if (!response.ParseFromString(completed.payload()))
    throw std::runtime_error("COMPLETED carries no Response");
  return response;
}

}  // namespace ccbus::testing
