#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccbus {

// Names the process that listens where `address` wants to, for the error of a start that found its
// port in use: "ccbusd, process 1234". `address` is host:port or tcp://host:port, with a numeric
// host; an address of all interfaces meets every other one.
//
// Blocks: reads /proc. Returns nullopt if nobody listens there, or for a process of another user.
[[nodiscard]] std::optional<std::string> find_port_user(std::string_view address);

}  // namespace ccbus
