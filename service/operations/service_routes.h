#pragma once

#include <vector>

#include "service/operations/endpoint.h"
#include "service/operations/watched.h"

namespace ccbus::operations {

// What ccbusd serves beside what every program does: /varz, its status, and /connz, its connections
// page by page. `service` outlives the endpoint.
[[nodiscard]] std::vector<Endpoint::Route> service_routes(WatchedConnections& service);

}  // namespace ccbus::operations
