#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "service/base/clock.h"

namespace ccbus::bridge {

// The canonical codes of gRPC that the bridge itself ends calls with; the service's own numbers are
// the same.
enum class RpcCode : int {
  kOk = 0,
  kCancelled = 1,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
};

// How a gRPC call ends.
struct RpcEnd {
  int code = 0;
  std::string message;
  std::string details{};  // An encoded google.rpc.Status, as in grpc-status-details-bin; or empty.
};

[[nodiscard]] inline RpcEnd rpc_end(RpcCode code, std::string message) {
  return {static_cast<int>(code), std::move(message)};
}

// Who has made a call.
struct RpcPeer {
  std::string connection;  // Of the gRPC connection: "ipv4:127.0.0.1:41234".
  // The common name of its TLS certificate; nullopt if it has shown none.
  std::optional<std::string> certificate_name;
  std::optional<WallTime> deadline;  // Of the call; nullopt: none.
};

// The gRPC side of one call: of one that is served, or of one that the bridge has made.
//
// Thread: the bridge's thread only. None of the functions blocks.
class Rpc {
 public:
  virtual ~Rpc() = default;

  // Queues a message. What has been sent when finish() is called is delivered before the end.
  virtual void send(std::string message) = 0;

  // The room of what send() has queued and gRPC has not taken. RpcCall::on_room() tells when
  // they are fewer than kRpcWindow again.
  [[nodiscard]] virtual std::size_t queued_bytes() const = 0;

  // So much of what on_message() handed over needs no room any more, as the sum of room_of() its
  // messages. While kRpcWindow or more has been handed over and not consumed, gRPC reads no further
  // message, and HTTP/2 stops the peer.
  virtual void consumed(std::size_t room) = 0;

  // Ends the call; a call that the bridge has made is cancelled. Exactly once, and last: the call's
  // logic is destroyed after the present event.
  virtual void finish(RpcEnd end) = 0;

  // The same as send() and finish(OK), and cheaper: both travel together. Of a served call.
  virtual void answer(std::string message) {
    send(std::move(message));
    finish({});
  }
};

inline constexpr std::size_t kRpcWindow = 1u << 20;

// The room that a message takes while it is held: its bytes, and what it costs to hold even an
// empty one. So a window bounds how many there are as well.
[[nodiscard]] constexpr std::size_t room_of(std::size_t message_bytes) {
  return message_bytes + 256;
}

// The logic of one call. Its functions are called on the bridge's thread. It may be destroyed
// without any of them, and then lets go of all that it has opened for the call.
class RpcCall {
 public:
  virtual ~RpcCall() = default;

  virtual void on_message(Now now, std::string message) = 0;

  // The peer sends nothing further, or has ended a call that the bridge has made.
  virtual void on_half_closed(Now now) = 0;

  // The call was cancelled, its deadline has passed, or the connection has broken. finish() has to
  // be called, and its status reaches nobody.
  virtual void on_gone(Now now) = 0;

  virtual void on_room(Now) {}

  // For people who look at what is open: "chaincode basic", "/gateway.Gateway/Evaluate".
  [[nodiscard]] virtual std::string what() const = 0;
};

}  // namespace ccbus::bridge
