#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::chaincode {

// A protos.ChaincodeMessage where it lies: the bytes that came in, or what is about to go out. What
// a stream says most (requests and their answers) passes without being copied into an object first.
//
// Lifetime: that of what it points to.
struct MessageView {
  protos::ChaincodeMessage::Type type = protos::ChaincodeMessage::UNDEFINED;
  std::string_view payload = {};
  std::string_view txid = {};
  std::string_view channel_id = {};
  const protos::SignedProposal* proposal = nullptr;
  const protos::ChaincodeEvent* chaincode_event = nullptr;
};

[[nodiscard]] MessageView view_of(const protos::ChaincodeMessage& message);

// The size of the encoded message. encode() writes so many bytes, directly after this.
[[nodiscard]] std::size_t encoded_bytes(const MessageView& message);
void encode(const MessageView& message, std::uint8_t* out);
[[nodiscard]] std::string encode(const MessageView& message);

// Reads messages. The common ones are scanned in place; whatever a scan does not take (other
// fields, text that is not ASCII, odd encodings) is left to protobuf, which decides what is a
// message and what is not.
//
// Thread: one at a time.
class MessageReader {
 public:
  // Null: the bytes are no protos.ChaincodeMessage. What is returned points into `frame` and into
  // this, and holds until the next call.
  [[nodiscard]] const MessageView* read(std::span<const std::byte> frame);

  // Gives back what a large message has left.
  void shrink() { whole_ = {}; }

 private:
  MessageView view_;
  protos::ChaincodeMessage whole_;  // Kept from message to message, for its memory.
};

}  // namespace ccbus::chaincode
