#pragma once

#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/bus/router_endpoint.h"
#include "service/chaincode/chaincode_support.h"
#include "service/operations/connections.h"
#include "service/security/keys/key_holders.h"

namespace ccbus {

// One endpoint, and who is connected to it.
struct ReportedEndpoint {
  const bus::RouterEndpoint& endpoint;
  const security::KeyHolders& holders;
};

// Makes one page of the report on connections: the engine's handlers with what their endpoint knows
// about them, and the clients. It goes through all handlers and clients, and makes system calls for
// those on the page. Bus thread.
[[nodiscard]] operations::Connections report_connections(
    Now now, operations::Page page, const chaincode::ChaincodeSupport& chaincodes,
    const ReportedEndpoint& chaincode_endpoint, const ReportedEndpoint& client_endpoint);

// The addresses of an endpoint, for a status. Bus thread.
[[nodiscard]] std::vector<ccbus::ListenerStatus> report_listeners(
    const bus::RouterEndpoint& endpoint);

// The first address that the endpoint still listens on. Bus thread.
[[nodiscard]] std::string listening_address(const bus::RouterEndpoint& endpoint);

}  // namespace ccbus
