#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

// A payload that was decoded before its message was handled, or why it could not be.
struct DecodedPayload {
  std::unique_ptr<google::protobuf::Message> message;  // Whoever handles it may move from it.
  Result<void> outcome;
};

// A view of a protos.ChaincodeMessage: of the bytes that came in, or of what is about to go out.
// The most frequent messages (requests and their answers) are handled without a copy.
//
// Lifetime: valid as long as what it points to.
struct MessageView {
  protos::ChaincodeMessage::Type type = protos::ChaincodeMessage::UNDEFINED;
  std::string_view payload = {};
  std::string_view txid = {};
  std::string_view channel_id = {};
  const protos::SignedProposal* proposal = nullptr;
  const protos::ChaincodeEvent* chaincode_event = nullptr;
  DecodedPayload* decoded = nullptr;  // Null: it is decoded when it is handled.
};

// Decodes the payload, or takes what was decoded before. Errors: those of parse_checked() with
// `overhead_max`.
[[nodiscard]] Result<void> take_payload(const MessageView& message,
                                        google::protobuf::Message& payload,
                                        std::size_t overhead_max);

[[nodiscard]] MessageView view_of(const protos::ChaincodeMessage& message);

// Returns the size of the encoded message. encode() writes that many bytes to `out`; call it
// directly after this, since it uses sizes that this call has cached.
[[nodiscard]] std::size_t encoded_bytes(const MessageView& message);
void encode(const MessageView& message, std::uint8_t* out);
[[nodiscard]] std::string encode(const MessageView& message);

// Decodes messages. The frequent ones are scanned in place. What the scan does not read (other
// fields, text that is not ASCII, unusual encodings) is parsed by protobuf, which decides whether
// the bytes are a message.
//
// Thread: one at a time.
class MessageReader {
 public:
  // The result is not null; it points into `frame` and into this object, and is valid until the
  // next call. Errors: those of parse_checked().
  [[nodiscard]] Result<const MessageView*> read(std::span<const std::byte> frame);

  // Frees the memory that a large message has left allocated.
  void shrink() { whole_ = {}; }

 private:
  MessageView view_;
  protos::ChaincodeMessage whole_;  // Kept between messages to reuse its memory.
};

}  // namespace ccbus::chaincode
