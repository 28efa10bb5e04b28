#include "service/chaincode/requests/collection_access.h"

#include <algorithm>
#include <string_view>

#include "service/ledger/state/definition.h"

namespace ccbus::chaincode {
namespace {

CollectionAccess access_of(const ccbus::CollectionConfig& collection,
                           const std::string& creator_msp_id) {
  const bool is_member =
      std::ranges::find(collection.member_orgs(), creator_msp_id) != collection.member_orgs().end();
  return {is_member || !collection.member_only_read(),
          is_member || !collection.member_only_write()};
}

Result<CollectionAccess> look_up(TransactionContext& context, const std::string& collection) {
  if (ledger::is_implicit_collection(collection)) return CollectionAccess{true, true};
  auto definition = context.simulator->definition(context.ns);
  if (!definition) return unexpected(definition.error());
  if (*definition != nullptr) {
    if (const auto* found = ledger::find_collection(**definition, collection)) {
      return access_of(*found, context.creator_msp_id);
    }
  }
  return fail(ErrorCode::kNotFound, "collection " + context.key.channel.value + "/" + context.ns +
                                        "/" + collection + " could not be found");
}

}  // namespace

Result<void> check_not_init(const TransactionContext& context) {
  if (!context.is_init) return {};
  return fail(ErrorCode::kPrecondition, "private data APIs are not allowed in chaincode Init()");
}

Result<void> check_collection(TransactionContext& context, const std::string& collection,
                              Access access) {
  if (collection.empty()) return {};
  if (auto allowed = check_not_init(context); !allowed) return allowed;
  auto known = context.collection_access.find(collection);
  if (known == context.collection_access.end()) {
    auto found = look_up(context, collection);
    if (!found) return unexpected(found.error());
    known = context.collection_access.emplace(collection, *found).first;
  }
  const bool may = access == Access::kRead ? known->second.read : known->second.write;
  if (may) return {};
  const std::string_view verb = access == Access::kRead ? "read" : "write";
  return fail(ErrorCode::kPrecondition, "tx creator does not have " + std::string(verb) +
                                            " access permission on privatedata in chaincodeName:" +
                                            context.ns + " collectionName: " + collection);
}

}  // namespace ccbus::chaincode
