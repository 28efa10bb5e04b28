#pragma once

#include <string>

#include "fabric/peer/chaincode_shim.pb.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/message_filler.h"

namespace ccbus::fuzz {

// Makes an encoded payload of the message that belongs to this type of request or answer. Bytes of
// the input itself for types that have none, and sometimes for the others.
[[nodiscard]] std::string request_payload(protos::ChaincodeMessage::Type type,
                                          const MessageFiller& filler, Input& input);

}  // namespace ccbus::fuzz
