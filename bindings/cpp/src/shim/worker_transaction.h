#pragma once

#include <string>
#include <string_view>

#include "bindings/cpp/src/shim/outbound_queue.h"
#include "bindings/cpp/src/shim/reply_slot.h"
#include "bindings/cpp/src/shim/transaction.h"

namespace ccbus::shim {

// A transaction that runs on a worker's thread, which waits for the replies.
class WorkerTransaction final : public Transaction {
 public:
  // `outbound` takes what it sends, and must outlive this object.
  WorkerTransaction(std::uint64_t stream, protos::ChaincodeMessage message,
                    const Readiness& readiness, OutboundQueue& outbound);

  // Runs the chaincode and sends the answer, whatever happens.
  // Thread: one worker. Blocks: as long as the chaincode does. *this may be destroyed afterwards.
  void run(Chaincode& chaincode);

  std::string ask(protos::ChaincodeMessage::Type type,
                  const google::protobuf::MessageLite& request) override;
  [[nodiscard]] bool deliver(protos::ChaincodeMessage::Type type,
                             std::string_view payload) override;
  void terminate() override;

 private:
  void about_to_call(std::string_view) override {}

  OutboundQueue& outbound_;
  ReplySlot reply_;
};

}  // namespace ccbus::shim
