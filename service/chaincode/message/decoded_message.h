#pragma once

#include <memory>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/result.h"
#include "service/chaincode/message/message_view.h"

namespace ccbus::chaincode {

// A received message whose payload is decoded, too, where that can be long. For large messages,
// which are decoded apart from the bus thread; MessageReader is for all others.
//
// Thread: made on any thread, then used by one at a time.
class DecodedMessage {
 public:
  // `frame` outlives the result. Errors: those of parse_checked().
  [[nodiscard]] static Result<std::unique_ptr<DecodedMessage>> decode(std::string_view frame);

  // Valid as long as this object and the frame.
  [[nodiscard]] const MessageView& view() const { return view_; }

 private:
  DecodedMessage() = default;

  protos::ChaincodeMessage whole_;
  MessageView view_;
  DecodedPayload payload_;
};

}  // namespace ccbus::chaincode
