#pragma once

#include <string>

#include "ccbus/client.pb.h"

namespace ccbus::gateway {

// The channel that a request is about, or makes; also where it stands in bytes that the client has
// signed. Empty if it is about none, or if they cannot be read. `of_bytes` holds what the result
// refers to in that case.
[[nodiscard]] const std::string& channel_of(const ccbus::ClientRequest& request,
                                            std::string& of_bytes);

// The name of the chaincode that an evaluate, an endorse or a submit of an invocation runs; also
// where it stands in a proposal that the client has signed. Empty for any other request, or if the
// proposal cannot be read.
[[nodiscard]] std::string chaincode_of(const ccbus::ClientRequest& request);

}  // namespace ccbus::gateway
