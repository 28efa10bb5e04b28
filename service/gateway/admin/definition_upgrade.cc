#include "service/gateway/admin/definition_upgrade.h"

#include <string>

#include "service/ledger/state/definition.h"

namespace ccbus::gateway {

Result<void> check_upgrade(const ccbus::ChaincodeDefinition& before,
                           const ccbus::ChaincodeDefinition& proposed) {
  if (!before.collections().empty() && proposed.collections().empty()) {
    return fail(ErrorCode::kPrecondition,
                "the proposed collection config does not contain previously defined collections");
  }
  for (const ccbus::CollectionConfig& existing : before.collections()) {
    const auto* const now = ledger::find_collection(proposed, existing.name());
    if (now == nullptr) {
      return fail(ErrorCode::kPrecondition,
                  "existing collection [" + existing.name() +
                      "] missing in the proposed collection configuration");
    }
    if (now->block_to_live() != existing.block_to_live()) {
      return fail(ErrorCode::kPrecondition, "the BlockToLive in an existing collection [" +
                                                existing.name() + "] modified. Existing value [" +
                                                std::to_string(existing.block_to_live()) + "]");
    }
  }
  return {};
}

}  // namespace ccbus::gateway
