#pragma once

#include <optional>
#include <string_view>

#include "ccbus/definition.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/lifecycle_namespace.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

// Nothing where the channel has none of that name.
// Errors: those of the view; kCorrupt where the value is no definition.
[[nodiscard]] Result<std::optional<ccbus::ChaincodeDefinition>> find_definition(
    const StateView& view, std::string_view chaincode);

// An implicit collection, `_implicit_org_<MSPID>`, is there without a definition: each organisation
// has one in every chaincode, also in one that is not defined yet.
[[nodiscard]] bool is_implicit_collection(std::string_view collection);

// Null where the definition has no such collection, and for an implicit one.
[[nodiscard]] const ccbus::CollectionConfig* find_collection(
    const ccbus::ChaincodeDefinition& definition, std::string_view collection);

// Whether the ledger can keep such an index. One that it cannot keep is left out of a definition
// that is in a block already.
// Errors: kInvalid where there are no fields or too many, or a field's name cannot be read.
[[nodiscard]] Result<void> check_index(const ccbus::IndexConfig& index);

}  // namespace ccbus::ledger
