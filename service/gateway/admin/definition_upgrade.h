#pragma once

#include "ccbus/definition.pb.h"
#include "service/base/result.h"

namespace ccbus::gateway {

// Checks what a chaincode's new definition makes of the collections of the one before: all of them
// stay, and live as long. Otherwise their data would be lost from sight.
//
// Errors: kPrecondition in Fabric's words, naming the collection.
// Source: Fabric's core/chaincode/lifecycle/scc.go.
[[nodiscard]] Result<void> check_upgrade(const ccbus::ChaincodeDefinition& before,
                                         const ccbus::ChaincodeDefinition& proposed);

}  // namespace ccbus::gateway
