#pragma once

#include "ccbus/channel_config.pb.h"
#include "service/base/result.h"
#include "service/gateway/transactions/proposal.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::gateway {

// A change of a channel's configuration is a transaction without a chaincode: its proposal names
// the namespace of the configuration, and has the arguments "UpdateConfig" and the new one,
// encoded. It is valid if the administrators that the policy in force asks for have endorsed it.

inline constexpr const char* kUpdateConfig = "UpdateConfig";

[[nodiscard]] bool changes_channel(const Proposal& proposal);

// Reads the configuration that a signed proposal asks for, and checks it, certificates included.
//
// Thread: any; it takes as long as the configuration has certificates.
// Errors: kInvalid  not those arguments, or the configuration breaks a rule.
[[nodiscard]] Result<ccbus::ChannelConfig> read_channel_update(const Proposal& proposal);

// Errors: kInvalid, naming what is wrong with a configuration or a certificate in it. Thread: any.
[[nodiscard]] Result<void> check_new_config(const ccbus::ChannelConfig& config);

// Writes the configuration in the transaction of the simulator, which reads the present one: two
// changes at once conflict.
//
// Errors: kPrecondition  it does not follow the present one; those of the ledger.
[[nodiscard]] Result<void> put_channel_config(ledger::TxSimulator& simulator,
                                              const ccbus::ChannelConfig& config);

}  // namespace ccbus::gateway
