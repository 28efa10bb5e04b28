#pragma once

#include <string>

#include "service/chaincode/transaction/pending_call.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

// Whether an invocation may be sent to its chaincode.
struct InvocationVerdict {
  Outcome outcome = Outcome::kCompleted;  // kCompleted: it may be sent. Otherwise why not.
  std::string error;                      // The text of a refusal.
};

// Looks up the chaincode's definition and enforces initialisation. If the definition requires it,
// the first transaction of a version has to be an INIT, which records the version under a key in
// the chaincode's namespace; reading that key enters the read set. A chaincode without a definition
// may run if `autodefine` is true.
//
// Errors: those of the ledger.
//
// Source: Fabric's CheckInvocation and CheckInit in chaincode_support.go at HEAD.
[[nodiscard]] Result<InvocationVerdict> check_invocation(ledger::TxSimulator& simulator,
                                                         const ChannelId& channel,
                                                         const std::string& chaincode, bool is_init,
                                                         bool autodefine);

}  // namespace ccbus::chaincode
