#pragma once

#include <optional>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

// The fields of a ChaincodeMessage without a proposal, such as every reply, where they lie in the
// frame.
struct MessageView {
  protos::ChaincodeMessage::Type type = protos::ChaincodeMessage::UNDEFINED;
  std::string_view payload;
  std::string_view txid;
  std::string_view channel_id;
};

// Returns nullopt for everything that is not a plain sequence of these fields: protobuf then says
// what it is. Unlike protobuf it takes texts that are not UTF-8.
[[nodiscard]] std::optional<MessageView> view_message(std::string_view frame);

}  // namespace ccbus::shim
