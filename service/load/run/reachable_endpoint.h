#pragma once

#include <string>

namespace ccbus::load {

// Returns the endpoint to connect to, given the one that a service is bound to and another endpoint
// of the same service that can be reached. If `bound` stands for every address of its machine
// (tcp://0.0.0.0:7052), the host is taken from `reachable`.
[[nodiscard]] std::string reachable_endpoint(const std::string& bound,
                                             const std::string& reachable);

}  // namespace ccbus::load
