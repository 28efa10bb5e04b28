#pragma once

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/chaincode/transaction/simulators.h"
#include "service/gateway/transactions/endorser.h"
#include "service/gateway/transactions/proposal.h"

namespace ccbus::gateway {

// Makes the transaction that writes a chaincode's definition to its channel. No chaincode runs; the
// result is ordered like an endorsed one, and two at once conflict like any. Bus thread.
//
// Status: INVALID_ARGUMENT with the rule that is broken; NOT_FOUND no such channel.
// `Endorsed::result.response` has the status 200, and the message "unchanged" where the channel has
// just this definition: then nothing is to be ordered.
[[nodiscard]] Endorsed define_chaincode(Now now, const ccbus::DefineRequest& request,
                                        chaincode::Simulators& simulators,
                                        const ProposalBuilder& proposals);

}  // namespace ccbus::gateway
