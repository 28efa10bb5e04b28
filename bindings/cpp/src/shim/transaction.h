#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "bindings/cpp/src/shim/readiness.h"
#include "bindings/cpp/src/shim/transaction_name.h"
#include "ccbus/shim/chaincode.h"
#include "ccbus/shim/peer.h"

namespace ccbus::shim {

// One INIT or TRANSACTION from its arrival to its answer. How its code runs and waits is the matter
// of the derived class; the stream's thread owns it and delivers the peer's replies.
class Transaction : public Peer {
 public:
  [[nodiscard]] std::uint64_t stream() const { return stream_; }
  // Lifetime: this object's.
  [[nodiscard]] TransactionName name() const { return {channel_id_, txid_}; }

  protos::ChaincodeAdditionalParams offered() const override { return readiness_.offered(); }

  // Stream's thread. Returns false if the transaction has no open request.
  [[nodiscard]] virtual bool deliver(protos::ChaincodeMessage::Type type,
                                     std::string_view payload) = 0;

  // Stream's thread. The stream has ended: fails the open request and every later one.
  virtual void terminate() = 0;

 protected:
  // `stream` is the number of the stream; an answer for an older stream is dropped. `readiness`
  // knows what the peer offers and must outlive this object.
  Transaction(std::uint64_t stream, protos::ChaincodeMessage message, const Readiness& readiness);

  // Runs the chaincode and returns the answer, whatever happens. Once, as long as it takes.
  [[nodiscard]] zmq::message_t execute(Chaincode& chaincode);

  // The request as a frame.
  [[nodiscard]] zmq::message_t encoded(protos::ChaincodeMessage::Type type,
                                       const google::protobuf::MessageLite& request) const;

  // The answer that refuses the transaction.
  [[nodiscard]] zmq::message_t refusal(std::string text) const;

 private:
  // Called with the name of the function before the chaincode runs.
  virtual void about_to_call(std::string_view function) = 0;

  // Set once; the message is moved into the stub.
  const std::uint64_t stream_;
  const std::string channel_id_;
  const std::string txid_;
  const Readiness& readiness_;
  protos::ChaincodeMessage message_;
};

}  // namespace ccbus::shim
