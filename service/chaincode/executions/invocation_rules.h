#pragma once

#include <string>

#include "service/chaincode/transaction/pending_call.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

// What has to hold before a chaincode is sent anything.
struct InvocationVerdict {
  Outcome outcome = Outcome::kCompleted;  // kCompleted: go on.
  std::string error;
};

// Looks the definition up and enforces initialisation: where it is required, the first transaction
// of a version is an INIT, which records the version under a key of the chaincode's own namespace;
// the look at that key is in the read set.
//
// Source: Fabric's CheckInvocation and CheckInit in chaincode_support.go at HEAD.
[[nodiscard]] Result<InvocationVerdict> check_invocation(ledger::TxSimulator& simulator,
                                                         const ChannelId& channel,
                                                         const std::string& chaincode, bool is_init,
                                                         bool autodefine);

}  // namespace ccbus::chaincode
