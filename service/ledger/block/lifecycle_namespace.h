#pragma once

#include <string_view>

namespace ccbus::ledger {

// The namespace in which a channel keeps its chaincode definitions; the keys are their names.
//
// Source: the name is Fabric's, core/chaincode/lifecycle.
inline constexpr std::string_view kLifecycleNamespace = "_lifecycle";

}  // namespace ccbus::ledger
