#pragma once

#include <zmq.hpp>

#include "bindings/cpp/src/shim/transaction_name.h"
#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

// Encodes a ChaincodeMessage with `payload` directly into one frame, without a copy of the payload.
// `event` may be nullptr.
[[nodiscard]] zmq::message_t encode_message(protos::ChaincodeMessage::Type type,
                                            const TransactionName& transaction,
                                            const google::protobuf::MessageLite& payload,
                                            const protos::ChaincodeEvent* event);

// Encodes a complete message.
[[nodiscard]] zmq::message_t encode_message(const protos::ChaincodeMessage& message);

}  // namespace ccbus::shim
