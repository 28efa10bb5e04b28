#pragma once

#include "service/base/clock.h"
#include "service/bus/router_endpoint.h"
#include "service/chaincode/chaincode_support.h"
#include "service/operations/connections.h"

namespace ccbus {

// Makes one page of the report on connections: the engine's handlers with what their endpoint knows
// about them, and the clients. It goes through all handlers and clients, and makes system calls for
// those on the page. Bus thread.
[[nodiscard]] operations::Connections report_connections(
    Now now, operations::Page page, const chaincode::ChaincodeSupport& chaincodes,
    const bus::RouterEndpoint& chaincode_endpoint, const bus::RouterEndpoint& client_endpoint);

}  // namespace ccbus
