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

Transaction::Transaction(std::uint64_t stream, ChaincodeMessage message, OutboundQueue& outbound,
                         const Readiness& readiness)
    : stream_(stream), message_(std::move(message)), outbound_(outbound), readiness_(readiness) {}

void Transaction::run(Chaincode& chaincode) {
  zmq::message_t answer;
  if (!terminated()) answer = execute(chaincode);
  outbound_.push({this, std::move(answer), true});
}

zmq::message_t Transaction::execute(Chaincode& chaincode) {
  // txid and channel are copied, not moved: the I/O thread finds the transaction by them.
  ChaincodeMessage for_stub;
  for_stub.set_txid(message_.txid());
  for_stub.set_channel_id(message_.channel_id());
  for_stub.mutable_payload()->swap(*message_.mutable_payload());
  if (message_.has_proposal()) for_stub.set_allocated_proposal(message_.release_proposal());

  std::optional<Stub> stub;
  try {
    stub.emplace(*this, std::move(for_stub));
  } catch (const Error& e) {
    ChaincodeMessage refusal;
    refusal.set_type(ChaincodeMessage::ERROR);
    refusal.set_payload(e.what());
    refusal.set_txid(message_.txid());
    refusal.set_channel_id(message_.channel_id());
    return encode_message(refusal);
  }
  const protos::Response response = encodable(call(chaincode, message_.type(), *stub));
  return encode_message(ChaincodeMessage::COMPLETED, message_, response, stub->event());
}

std::string Transaction::ask(ChaincodeMessage::Type type,
                             const google::protobuf::MessageLite& request) {
  zmq::message_t message = encode_message(type, message_, request, nullptr);
  {
    const std::lock_guard lock(mutex_);
    if (slot_ == Slot::kTerminated) throw StreamTerminated();
    if (slot_ != Slot::kIdle)
      throw Error("the transaction waits for another answer: its stub serves one call at a time");
    slot_ = Slot::kWaiting;
  }
  outbound_.push({this, std::move(message), false});

  std::unique_lock lock(mutex_);
  answered_.wait(lock, [this] { return slot_ != Slot::kWaiting; });
  if (slot_ == Slot::kTerminated) throw StreamTerminated();
  const Slot answer = std::exchange(slot_, Slot::kIdle);
  if (answer == Slot::kRefused) throw Error(reply_);
  return std::move(reply_);
}

bool Transaction::deliver(ChaincodeMessage& reply) {
  const std::lock_guard lock(mutex_);
  if (slot_ != Slot::kWaiting) return false;
  slot_ = reply.type() == ChaincodeMessage::ERROR ? Slot::kRefused : Slot::kAnswered;
  reply_ = std::move(*reply.mutable_payload());
  answered_.notify_one();
  return true;
}

void Transaction::terminate() {
  const std::lock_guard lock(mutex_);
  slot_ = Slot::kTerminated;
  answered_.notify_all();
}

bool Transaction::terminated() {
  const std::lock_guard lock(mutex_);
  return slot_ == Slot::kTerminated;
}

}  // namespace ccbus::shim
