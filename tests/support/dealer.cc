#include "tests/support/dealer.h"

#include <stdexcept>

#include "fabric/peer/chaincode.pb.h"

namespace ccbus::test {
namespace {

constexpr std::chrono::milliseconds kPatience{10'000};

template <class Invoke>
void fill(Invoke& invoke, const std::string& name, const std::string& function) {
  invoke.mutable_invocation()->set_channel_id("mychannel");
  invoke.mutable_invocation()->set_chaincode_name(name);
  invoke.mutable_invocation()->add_args(function);
}

}  // namespace

Dealer::Dealer(const std::string& endpoint, int receive_hwm, const curve::Keys& keys)
    : socket_(context_, zmq::socket_type::dealer) {
  if (!keys.empty()) {
    socket_.set(zmq::sockopt::curve_serverkey, keys.server_key);
    socket_.set(zmq::sockopt::curve_publickey, keys.public_key);
    socket_.set(zmq::sockopt::curve_secretkey, keys.secret_key);
  }
  socket_.set(zmq::sockopt::rcvhwm, receive_hwm);
  socket_.set(zmq::sockopt::linger, 0);
  socket_.set(zmq::sockopt::rcvtimeo, static_cast<int>(kPatience.count()));
  socket_.connect(endpoint);
}

void Dealer::send(const std::string& frame) {
  send(std::vector{frame});
}

void Dealer::send(const std::vector<std::string>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const bool last = i + 1 == frames.size();
    socket_.send(zmq::buffer(frames[i]), last ? zmq::send_flags::none : zmq::send_flags::sndmore);
  }
}

std::string Dealer::receive_frame() {
  zmq::message_t frame;
  if (!socket_.recv(frame)) throw std::runtime_error("nothing came in time");
  if (frame.more()) throw std::runtime_error("a message of several frames came");
  return frame.to_string();
}

protos::ChaincodeMessage Dealer::receive() {
  protos::ChaincodeMessage message;
  const std::string frame = receive_frame();
  if (frame.empty()) throw std::runtime_error("the stream was ended");
  if (!message.ParseFromString(frame)) throw std::runtime_error("not a ChaincodeMessage");
  return message;
}

ccbus::ClientResponse Dealer::receive_response() {
  ccbus::ClientResponse response;
  if (!response.ParseFromString(receive_frame())) throw std::runtime_error("not a ClientResponse");
  return response;
}

bool Dealer::is_quiet_for(std::chrono::milliseconds duration) {
  zmq::pollitem_t item{socket_.handle(), 0, ZMQ_POLLIN, 0};
  return zmq::poll(&item, 1, duration) == 0;
}

void Dealer::register_as(const std::string& name) {
  send(registration(name));
  for (const auto wanted :
       {protos::ChaincodeMessage::REGISTERED, protos::ChaincodeMessage::READY}) {
    const auto answer = receive();
    if (answer.type() != wanted) throw std::runtime_error("registration: " + answer.payload());
  }
}

protos::ChaincodeMessage registration(const std::string& name) {
  protos::ChaincodeID id;
  id.set_name(name);
  protos::ChaincodeMessage message;
  message.set_type(protos::ChaincodeMessage::REGISTER);
  message.set_payload(id.SerializeAsString());
  return message;
}

ccbus::ClientRequest submit(std::uint64_t correlation_id, const std::string& name,
                            const std::string& function) {
  ccbus::ClientRequest request;
  request.set_correlation_id(correlation_id);
  fill(*request.mutable_submit(), name, function);
  return request;
}

ccbus::ClientRequest evaluate(std::uint64_t correlation_id, const std::string& name,
                              const std::string& function) {
  ccbus::ClientRequest request;
  request.set_correlation_id(correlation_id);
  fill(*request.mutable_evaluate(), name, function);
  return request;
}

protos::ChaincodeMessage in_transaction(const protos::ChaincodeMessage& transaction,
                                        protos::ChaincodeMessage::Type type,
                                        const std::string& payload) {
  protos::ChaincodeMessage message;
  message.set_type(type);
  message.set_txid(transaction.txid());
  message.set_channel_id(transaction.channel_id());
  message.set_payload(payload);
  return message;
}

}  // namespace ccbus::test
