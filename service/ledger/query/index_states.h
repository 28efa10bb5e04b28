#pragma once

#include <vector>

#include "ccbus/definition.pb.h"
#include "service/base/result.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

enum class IndexState {
  kBeingBuilt,  // In the background. Queries do without it.
  kComplete,
  kUnsupported,  // It is ignored (check_index).
};

// How far the indexes of a chaincode are, in the order of its definition.
//
// Blocks: on the disk. Errors: those of the view.
[[nodiscard]] Result<std::vector<IndexState>> index_states(
    const StateView& view, const ccbus::ChaincodeDefinition& definition);

}  // namespace ccbus::ledger
