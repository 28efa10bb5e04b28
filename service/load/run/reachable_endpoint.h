#pragma once

#include <string>

namespace ccbus::load {

// Where to connect to, given what a service says it is bound to and an endpoint of the same service
// that can be reached. One that is bound to every address of its machine (tcp://0.0.0.0:7052) is
// found at the host of the other.
[[nodiscard]] std::string reachable_endpoint(const std::string& bound,
                                             const std::string& reachable);

}  // namespace ccbus::load
