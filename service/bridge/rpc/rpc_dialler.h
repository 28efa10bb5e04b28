#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "service/bridge/calls/event.h"
#include "service/bridge/calls/rpc_target.h"
#include "service/bridge/rpc/rpc_server.h"

namespace ccbus::bridge {

// Makes calls. Thread: the bridge's.
class RpcDialler {
 public:
  // The events get what becomes of them, kEnded last.
  RpcDialler(const RpcLimits& limits, const RpcShared& shared) : limits_(limits), shared_(shared) {}

  struct Dialled {
    std::uint64_t id;
    Rpc& rpc;
  };

  // Begins a call of a method with a stream of messages in both directions, on a connection of its
  // own. Never blocks; that nobody is there is told by an event.
  [[nodiscard]] Dialled dial(const RpcTarget& target, const std::string& method);

  // The calls whose kEnded has not been posted.
  [[nodiscard]] std::size_t open() const { return open_; }

 private:
  const RpcLimits limits_;
  const RpcShared shared_;
  std::atomic<std::size_t> open_{0};
};

}  // namespace ccbus::bridge
