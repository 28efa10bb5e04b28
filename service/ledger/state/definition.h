#pragma once

#include <optional>
#include <string_view>

#include "ccbus/definition.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/lifecycle_namespace.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

// Errors: kCorrupt if the stored value is not a definition.
[[nodiscard]] Result<ccbus::ChaincodeDefinition> decode_definition(std::string_view chaincode,
                                                                   std::string_view stored);

// Returns nullopt if the channel has no definition of that name. Errors: those of the view;
// kCorrupt if the value is not a definition.
[[nodiscard]] Result<std::optional<ccbus::ChaincodeDefinition>> find_definition(
    const StateView& view, std::string_view chaincode);

// An implicit collection, `_implicit_org_<MSPID>`, exists without a definition: each organisation
// has one in every chaincode, even in one that is not defined.
[[nodiscard]] bool is_implicit_collection(std::string_view collection);

// The MSP id of the organisation whose implicit collection it is; nullopt for another collection.
[[nodiscard]] std::optional<std::string_view> owner_of_implicit_collection(
    std::string_view collection);

// True for the implicit collection of another organisation than `msp_id`.
[[nodiscard]] bool is_implicit_collection_of_another(std::string_view collection,
                                                     std::string_view msp_id);

// Null if the definition has no such collection, and for an implicit one.
[[nodiscard]] const ccbus::CollectionConfig* find_collection(
    const ccbus::ChaincodeDefinition& definition, std::string_view collection);

// Whether the ledger supports such an index. An unsupported one in a definition that is already in
// a block is ignored. Errors: kInvalid if there are no fields or too many, or if a field name
// cannot be parsed.
[[nodiscard]] Result<void> check_index(const ccbus::IndexConfig& index);

}  // namespace ccbus::ledger
