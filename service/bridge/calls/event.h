#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "service/bridge/calls/mailbox.h"
#include "service/bridge/calls/rpc.h"

namespace ccbus::bridge {

// A call that a gRPC peer has made.
struct ServedRpc {
  Rpc* rpc = nullptr;  // Lives until Rpc::finish().
  std::string method;  // "/gateway.Gateway/Evaluate"
  RpcPeer peer;
};

// What other threads tell the bridge's thread.
struct Event {
  enum class Kind : std::uint8_t {
    kServed,      // A call is to be served: `served` has it.
    kMessage,     // `text` has come.
    kHalfClosed,  // These three call RpcCall's functions.
    kGone,
    kRoom,
    kEnded,      // A call that the bridge has made is over: `text` says why. Its last event.
    kFrameSent,  // A Dealer's: see Dealer::tell_when_sent().
    kTask,       // `task` is to be carried out.
  };

  Kind kind;
  std::uint64_t id = 0;  // Of the call, or of the Dealer.
  std::string text{};
  std::unique_ptr<ServedRpc> served{};
  std::function<void(Now)> task{};
};

using Events = Mailbox<Event>;

}  // namespace ccbus::bridge
