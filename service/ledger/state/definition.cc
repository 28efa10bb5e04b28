#include "service/ledger/state/definition.h"

#include <algorithm>
#include <string>

#include "service/ledger/query/mango/index_key.h"

namespace ccbus::ledger {
namespace {

constexpr std::string_view kImplicitPrefix = "_implicit_org_";

}  // namespace

Result<ccbus::ChaincodeDefinition> decode_definition(std::string_view chaincode,
                                                     std::string_view stored) {
  ccbus::ChaincodeDefinition definition;
  if (definition.ParseFromArray(stored.data(), static_cast<int>(stored.size()))) return definition;
  return fail(ErrorCode::kCorrupt,
              "the definition of chaincode '" + std::string(chaincode) + "' cannot be decoded");
}

Result<std::optional<ccbus::ChaincodeDefinition>> find_definition(const StateView& view,
                                                                  std::string_view chaincode) {
  auto found = view.get(kLifecycleNamespace, chaincode);
  if (!found) return unexpected(found.error());
  if (!*found) return std::nullopt;
  auto definition = decode_definition(chaincode, (*found)->value);
  if (!definition) return unexpected(definition.error());
  return std::move(*definition);
}

std::optional<std::string_view> owner_of_implicit_collection(std::string_view collection) {
  const bool is_implicit =
      collection.starts_with(kImplicitPrefix) && collection.size() > kImplicitPrefix.size();
  if (!is_implicit) return std::nullopt;
  return collection.substr(kImplicitPrefix.size());
}

bool is_implicit_collection(std::string_view collection) {
  return owner_of_implicit_collection(collection).has_value();
}

bool is_implicit_collection_of_another(std::string_view collection, std::string_view msp_id) {
  const auto owner = owner_of_implicit_collection(collection);
  return owner && *owner != msp_id;
}

const ccbus::CollectionConfig* find_collection(const ccbus::ChaincodeDefinition& definition,
                                               std::string_view collection) {
  const auto& all = definition.collections();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ccbus::CollectionConfig& one) {
    return one.name() == collection;
  });
  return found == all.end() ? nullptr : &*found;
}

Result<void> check_index(const ccbus::IndexConfig& index) {
  if (auto kept = mango::Index::of(index); !kept) return unexpected(kept.error());
  return {};
}

}  // namespace ccbus::ledger
