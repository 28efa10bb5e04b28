#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <zmq.hpp>

#include "bindings/cpp/src/shim/outbound_queue.h"
#include "bindings/cpp/src/shim/readiness.h"
#include "ccbus/shim/chaincode.h"
#include "ccbus/shim/peer.h"

namespace ccbus::shim {

// One INIT or TRANSACTION from its arrival to its answer. A worker runs it; the I/O thread owns it
// and delivers the peer's replies.
class Transaction final : public Peer {
 public:
  // `stream` is the number of the stream; an answer for an older stream is dropped. `readiness`
  // knows what the peer offers. The references must outlive this object.
  Transaction(std::uint64_t stream, protos::ChaincodeMessage message, OutboundQueue& outbound,
              const Readiness& readiness);

  // Runs the chaincode and passes the answer to the I/O thread, whatever happens.
  // Thread: one worker. Blocks: as long as the chaincode does. *this may be destroyed afterwards.
  void run(Chaincode& chaincode);

  std::string ask(protos::ChaincodeMessage::Type type,
                  const google::protobuf::MessageLite& request) override;
  protos::ChaincodeAdditionalParams offered() const override { return readiness_.offered(); }

  // I/O thread. Moves the payload out of `reply`. Returns false if the transaction has no open
  // request.
  [[nodiscard]] bool deliver(protos::ChaincodeMessage& reply);

  // I/O thread. The stream has ended: fails the open request and every later one.
  void terminate();

  [[nodiscard]] std::uint64_t stream() const { return stream_; }
  [[nodiscard]] const std::string& txid() const { return message_.txid(); }
  [[nodiscard]] const std::string& channel_id() const { return message_.channel_id(); }

 private:
  enum class Slot { kIdle, kWaiting, kAnswered, kRefused, kTerminated };

  [[nodiscard]] zmq::message_t execute(Chaincode& chaincode);
  [[nodiscard]] bool terminated();

  // Set once; the payload and the proposal are moved into the stub by the worker.
  const std::uint64_t stream_;
  protos::ChaincodeMessage message_;
  OutboundQueue& outbound_;
  const Readiness& readiness_;

  std::mutex mutex_;
  std::condition_variable answered_;
  Slot slot_ = Slot::kIdle;  // Guarded by mutex_.
  std::string reply_;        // Guarded by mutex_.
};

}  // namespace ccbus::shim
