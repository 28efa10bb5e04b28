#include "bindings/cpp/src/shim/worker_transaction.h"

#include <utility>

namespace ccbus::shim {

WorkerTransaction::WorkerTransaction(std::uint64_t stream, protos::ChaincodeMessage message,
                                     const Readiness& readiness, OutboundQueue& outbound)
    : Transaction(stream, std::move(message), readiness), outbound_(outbound) {}

void WorkerTransaction::run(Chaincode& chaincode) {
  zmq::message_t answer;
  if (!reply_.is_terminated()) answer = execute(chaincode);
  outbound_.push({this, std::move(answer), true});
}

std::string WorkerTransaction::ask(protos::ChaincodeMessage::Type type,
                                   const google::protobuf::MessageLite& request) {
  zmq::message_t message = encoded(type, request);
  reply_.open();
  outbound_.push({this, std::move(message), false});
  return reply_.wait();
}

bool WorkerTransaction::deliver(protos::ChaincodeMessage::Type type, std::string_view payload) {
  return reply_.fill(type, payload);
}

void WorkerTransaction::terminate() {
  reply_.terminate();
}

}  // namespace ccbus::shim
