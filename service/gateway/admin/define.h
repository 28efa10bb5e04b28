#pragma once

#include <string_view>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/chaincode/transaction/simulators.h"
#include "service/gateway/transactions/endorser.h"
#include "service/gateway/transactions/proposal.h"

namespace ccbus::gateway {

// The message of a result that says that the definition is in force already.
inline constexpr std::string_view kUnchanged = "unchanged";

// Makes the transaction that writes a chaincode's definition to its channel. No chaincode runs. The
// result is ordered like an endorsed transaction, and two definitions at once may conflict like any
// two transactions. Bus thread.
//
// Statuses: INVALID_ARGUMENT a rule is broken, which the text names; NOT_FOUND no such channel;
//           FAILED_PRECONDITION it takes collections from sight, as check_upgrade() says, or names
//           what the channel does not have, as check_channel_has() says; INTERNAL the ledger cannot
//           be read.
// `Endorsed::result.response` has the status 200. Its message is "unchanged" if the channel already
// has this definition; then nothing has to be ordered. Otherwise it is empty, or a note for people:
// no collection has one of the MSP ids that the service plays as a member.
[[nodiscard]] Endorsed define_chaincode(Now now, const ccbus::DefineRequest& request,
                                        chaincode::Simulators& simulators,
                                        const ProposalBuilder& proposals,
                                        ServiceIdentities::Identity creator,
                                        const std::vector<std::string>& played);

}  // namespace ccbus::gateway
