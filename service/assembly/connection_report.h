#pragma once

#include "service/base/clock.h"
#include "service/bus/router_endpoint.h"
#include "service/chaincode/chaincode_support.h"
#include "service/operations/connections.h"

namespace ccbus {

// A page of who is connected: the engine's handlers with what their endpoint knows of them, and the
// clients. Bus thread. Costs a look at every handler and client, and a system call for each of the
// page.
[[nodiscard]] operations::Connections report_connections(
    Now now, operations::Page page, const chaincode::ChaincodeSupport& chaincodes,
    const bus::RouterEndpoint& chaincode_endpoint, const bus::RouterEndpoint& client_endpoint);

}  // namespace ccbus
