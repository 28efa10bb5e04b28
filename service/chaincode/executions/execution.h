#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fabric/peer/proposal.pb.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/chaincode/transaction/transaction_context.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

// One transaction to run.
struct Execution {
  // Completes a proposal on another thread.
  using Sign = std::function<Result<void>(protos::SignedProposal&)>;

  TxKey key;
  std::string chaincode_name;  // Picks the pool, and is the ledger namespace.
  std::string input;           // An encoded protos.ChaincodeInput.
  bool is_init = false;        // Asks for INIT in place of TRANSACTION.
  std::string creator_msp_id;  // Whose permission private data ask for.
  protos::SignedProposal proposal;
  Sign sign = nullptr;                             // What the proposal still lacks; null: nothing.
  std::unique_ptr<ledger::TxSimulator> simulator;  // Never null.
  std::vector<Callee> callers = {};                // Of a callee: who called, the outermost first.
};

}  // namespace ccbus::chaincode
