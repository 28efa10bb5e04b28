#pragma once

#include <string>
#include <string_view>

namespace ccbus::gateway {

// The channel that signed bytes are for, without decoding all of them: they may be megabytes. It is
// the one that a decoder finds in them. Empty if they cannot be read.
//
// Thread: any.
[[nodiscard]] std::string channel_of_proposal(std::string_view proposal);  // A protos.Proposal.
[[nodiscard]] std::string channel_of_payload(std::string_view payload);    // A common.Payload.

}  // namespace ccbus::gateway
