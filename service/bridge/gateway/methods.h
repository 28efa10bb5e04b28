#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "service/base/clock.h"
#include "service/bridge/calls/event.h"
#include "service/bridge/calls/rpc.h"
#include "service/bridge/gateway/service_links.h"

namespace ccbus::bridge {

// The methods that applications call: gateway.Gateway and protos.Deliver. One table has them all.
class GatewayMethods {
 public:
  explicit GatewayMethods(ServiceLinks& links) : links_(links) {}

  // How a call of this method is refused: UNIMPLEMENTED, with what to use in its place; nullopt if
  // it is served. Any thread.
  [[nodiscard]] static std::optional<RpcEnd> refuses(std::string_view method);

  // Precondition: !refuses(method).
  [[nodiscard]] std::unique_ptr<RpcCall> start(Now now, Rpc& rpc, std::string_view method,
                                               const RpcPeer& peer);

 private:
  ServiceLinks& links_;
};

}  // namespace ccbus::bridge
