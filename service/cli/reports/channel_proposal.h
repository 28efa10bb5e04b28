#pragma once

#include <string>

#include "ccbus/channel_config.pb.h"
#include "fabric/common/common.pb.h"

namespace ccbus::cli {

// The configuration that a transaction gives its channel, which is all that it writes: read from
// what is endorsed, not from what was asked for.
// Errors: std::invalid_argument if it is another transaction, or writes anything else.
[[nodiscard]] ChannelConfig proposed_config(const common::Envelope& transaction);

// The channel of the transaction. Errors: as above.
[[nodiscard]] std::string proposed_channel(const common::Envelope& transaction);

// The MSP ids of those who have signed it, in order and each with how often: "Org1MSP, Org2MSP";
// "nobody".
[[nodiscard]] std::string format_signers(const common::Envelope& transaction);

// {"channel": ..., "sequence": 2, "signed_by": ["Org1MSP"]}
[[nodiscard]] std::string channel_proposal_json(const common::Envelope& transaction);

}  // namespace ccbus::cli
