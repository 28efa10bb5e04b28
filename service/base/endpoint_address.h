#pragma once

#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus {

// The forms that parse_endpoint() accepts, for help and error texts.
inline constexpr const char* kEndpointForms =
    "an endpoint: host:port, tcp://host:port or ipc://path";

// Returns a ZeroMQ address with its transport. A text without a transport, as Fabric writes it
// (host:port), becomes tcp://host:port, and localhost becomes 127.0.0.1.
//
// Errors: kInvalid, naming the text and the accepted forms.
[[nodiscard]] Result<std::string> parse_endpoint(std::string_view text);

// Returns true if an endpoint can be reached only from this machine: loopback, ipc or inproc.
[[nodiscard]] bool is_local_endpoint(std::string_view address);

// Returns an address without tcp:// before it, as Fabric writes it: host:port. Other addresses are
// returned as they are.
[[nodiscard]] std::string host_and_port(std::string_view address);

}  // namespace ccbus
