#include "service/chaincode/requests/request_handlers.h"

#include <utility>

#include "service/chaincode/requests/collection_access.h"

namespace ccbus::chaincode {

Result<void> handle_get_private_data_hash(const Request& request) {
  protos::GetState& get = request.buffers.get_state;
  if (auto decoded = decode(request, get); !decoded) return decoded;
  TransactionContext& context = request.context;
  if (auto allowed = check_not_init(context); !allowed) return allowed;
  auto hash = context.simulator->get_private_data_hash(context.ns, get.collection(), get.key());
  if (!hash) return unexpected(hash.error());
  if (hash->has_value()) request.reply = std::move(**hash);
  return {};
}

Result<void> purge_private_data(TransactionContext& context, const std::string& collection,
                                const std::string& key) {
  if (collection.empty()) {
    return fail(ErrorCode::kInvalid, "only applicable for private data");
  }
  if (auto allowed = check_collection(context, collection, Access::kWrite); !allowed) {
    return allowed;
  }
  return context.simulator->purge_private_data(context.ns, collection, key);
}

Result<void> handle_purge_private_data(const Request& request) {
  protos::DelState& purge = request.buffers.del_state;
  if (auto decoded = decode(request, purge); !decoded) return decoded;
  return purge_private_data(request.context, purge.collection(), purge.key());
}

}  // namespace ccbus::chaincode
