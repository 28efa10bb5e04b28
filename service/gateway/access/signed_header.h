#pragma once

#include <string>
#include <string_view>

#include "fabric/common/common.pb.h"

namespace ccbus::gateway {

// The channel header of signed bytes, which says what they are for, without decoding all of them:
// they may be megabytes. It is the one that a decoder finds in them; empty if they cannot be read.
//
// Thread: any.
[[nodiscard]] common::ChannelHeader header_of_proposal(std::string_view proposal);  // protos.
[[nodiscard]] common::ChannelHeader header_of_payload(std::string_view payload);    // common.

// Who has made a payload by its signature header, an encoded msp.SerializedIdentity; empty if it
// cannot be read. It decodes all of the payload.
//
// Thread: any.
[[nodiscard]] std::string creator_of_payload(std::string_view payload);

}  // namespace ccbus::gateway
