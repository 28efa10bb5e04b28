#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fabric/peer/proposal.pb.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/base/result.h"
#include "service/chaincode/transaction/transaction_context.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

// A transaction to run, with everything that running it needs.
struct Execution {
  // Adds the signature to a proposal. Called on another thread.
  using Sign = std::function<Result<void>(protos::SignedProposal&)>;

  TxKey key;
  std::string chaincode_name;  // Selects the pool, and is the ledger namespace.
  std::string input;           // An encoded protos.ChaincodeInput.
  bool is_init = false;        // Send INIT instead of TRANSACTION.
  std::string creator_msp_id;  // Decides the access to private data.
  protos::SignedProposal proposal;
  Sign sign = nullptr;                             // Null if the proposal needs no signature.
  WorkOwner owner = {};                            // The client that it is for.
  std::unique_ptr<ledger::TxSimulator> simulator;  // Never null.
  std::vector<Callee> callers = {};                // For a callee: its callers, outermost first.
};

}  // namespace ccbus::chaincode
