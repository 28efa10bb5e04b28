#pragma once

#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

// The states of a stream, on the chaincode's side.
enum class StreamState { kCreated, kEstablished, kReady };

enum class StreamAction {
  kAwaitReady,  // Registered; READY follows.
  kServe,       // READY: store what the peer offers, and notify wait_ready().
  kRefused,     // The registration failed; the payload says why.
  kRunTransaction,
  kDeliverReply,
  kViolation,  // Not allowed by the protocol: end the stream.
};

struct StreamRow {
  StreamState from;
  protos::ChaincodeMessage::Type message;
  StreamAction action;
  StreamState to;
};

// Every message that a peer may send, except for KEEPALIVE, which is echoed in every state.
inline constexpr StreamRow kStreamRows[] = {
    {StreamState::kCreated, protos::ChaincodeMessage::REGISTERED, StreamAction::kAwaitReady,
     StreamState::kEstablished},
    {StreamState::kCreated, protos::ChaincodeMessage::ERROR, StreamAction::kRefused,
     StreamState::kCreated},
    {StreamState::kEstablished, protos::ChaincodeMessage::READY, StreamAction::kServe,
     StreamState::kReady},
    {StreamState::kEstablished, protos::ChaincodeMessage::ERROR, StreamAction::kRefused,
     StreamState::kEstablished},
    {StreamState::kReady, protos::ChaincodeMessage::INIT, StreamAction::kRunTransaction,
     StreamState::kReady},
    {StreamState::kReady, protos::ChaincodeMessage::TRANSACTION, StreamAction::kRunTransaction,
     StreamState::kReady},
    {StreamState::kReady, protos::ChaincodeMessage::RESPONSE, StreamAction::kDeliverReply,
     StreamState::kReady},
    {StreamState::kReady, protos::ChaincodeMessage::ERROR, StreamAction::kDeliverReply,
     StreamState::kReady},
};

[[nodiscard]] constexpr StreamRow stream_row(StreamState from,
                                             protos::ChaincodeMessage::Type message) {
  for (const StreamRow& row : kStreamRows) {
    if (row.from == from && row.message == message) return row;
  }
  return {from, message, StreamAction::kViolation, from};
}

}  // namespace ccbus::shim
