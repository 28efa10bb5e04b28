#pragma once

#include "ccbus/definition.pb.h"
#include "service/base/result.h"

namespace ccbus::gateway {

// Whether a channel may take a definition: names, versions, collections and indexes that are
// complete, unique and within bounds.
//
// Errors: kInvalid naming what is wrong, its value and the rule.
// Source of the collections' rules: Fabric's core/scc/lscc and core/common/privdata.
[[nodiscard]] Result<void> check_definition(const ccbus::ChaincodeDefinition& definition);

}  // namespace ccbus::gateway
