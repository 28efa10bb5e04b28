#pragma once

#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus {

// What parse_endpoint() takes, for people.
inline constexpr const char* kEndpointForms =
    "an endpoint: host:port, tcp://host:port or ipc://path";

// An address of ZeroMQ, as people write it, with its transport. Fabric writes host:port; that is
// tcp://host:port.
//
// Errors: kInvalid, naming the text and the forms there are.
[[nodiscard]] Result<std::string> parse_endpoint(std::string_view text);

// Whether an endpoint can be reached from this machine only: loopback, ipc or inproc.
[[nodiscard]] bool is_local_endpoint(std::string_view address);

}  // namespace ccbus
