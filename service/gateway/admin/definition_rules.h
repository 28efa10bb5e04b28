#pragma once

#include "ccbus/definition.pb.h"
#include "service/base/result.h"

namespace ccbus::gateway {

// Checks a chaincode's definition: its names, version, collections and indexes have to be complete,
// unique and within the limits.
//
// Errors: kInvalid, naming what is wrong, its value and the rule.
// Source of the collections' rules: Fabric's core/scc/lscc and core/common/privdata.
[[nodiscard]] Result<void> check_definition(const ccbus::ChaincodeDefinition& definition);

}  // namespace ccbus::gateway
