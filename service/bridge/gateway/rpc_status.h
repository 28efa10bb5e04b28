#pragma once

#include "ccbus/client.pb.h"
#include "service/bridge/calls/rpc.h"

namespace ccbus::bridge {

// How a gRPC call ends of which the service has said this: with the same code and text, and with
// the details as Fabric's clients read them, each a gateway.ErrorDetail.
[[nodiscard]] RpcEnd rpc_end(const ccbus::Status& status);

}  // namespace ccbus::bridge
