#pragma once

#include <string>
#include <zmq.hpp>

#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

// Encodes a ChaincodeMessage around `payload` straight into one frame: the payload is never a
// string of its own. `event` may be null.
[[nodiscard]] zmq::message_t encode_message(protos::ChaincodeMessage::Type type,
                                            const protos::ChaincodeMessage& transaction,
                                            const google::protobuf::MessageLite& payload,
                                            const protos::ChaincodeEvent* event);

// Encodes one that is whole already.
[[nodiscard]] zmq::message_t encode_message(const protos::ChaincodeMessage& message);

}  // namespace ccbus::shim
