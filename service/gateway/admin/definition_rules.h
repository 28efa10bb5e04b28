#pragma once

#include "ccbus/channel_config.pb.h"
#include "ccbus/definition.pb.h"
#include "service/base/result.h"

namespace ccbus::gateway {

// Checks a chaincode's definition: its names, version, policies, collections and indexes have to be
// complete, unique and within the limits. Sets each collection's member_orgs to those that its
// policy names.
//
// Errors: kInvalid, naming what is wrong, its value and the rule.
// Source of the collections' rules: Fabric's core/scc/lscc, core/common/privdata and
//         core/chaincode/lifecycle.
[[nodiscard]] Result<void> complete_definition(ccbus::ChaincodeDefinition& definition);

// Whether the channel has what the definition names: the organisations that are members of its
// collections, and the policies of the channel.
//
// Errors: kPrecondition, of the organisations in Fabric's words.
[[nodiscard]] Result<void> check_channel_has(const ccbus::ChannelConfig& config,
                                             const ccbus::ChaincodeDefinition& definition);

}  // namespace ccbus::gateway
