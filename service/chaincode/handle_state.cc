#include "service/chaincode/handle_state.h"

#include <utility>

namespace ccbus::chaincode {

Result<void> refuse_collection(const Request& request, const std::string& collection) {
  if (collection.empty()) return {};
  const TransactionContext& context = request.context;
  return fail(ErrorCode::kNotFound, "collection " + context.key.channel.value + "/" + context.ns +
                                        "/" + collection + " could not be found");
}

Result<void> handle_get_state(const Request& request) {
  protos::GetState& get = request.buffers.get_state;
  if (auto decoded = decode(request, get); !decoded) return decoded;
  if (auto allowed = refuse_collection(request, get.collection()); !allowed) return allowed;
  auto value = request.context.simulator->get_state(request.context.ns, get.key());
  if (!value) return unexpected(value.error());
  if (value->has_value()) request.reply = std::move(**value);
  return {};
}

Result<void> handle_put_state(const Request& request) {
  protos::PutState& put = request.buffers.put_state;
  if (auto decoded = decode(request, put); !decoded) return decoded;
  if (auto allowed = refuse_collection(request, put.collection()); !allowed) return allowed;
  return request.context.simulator->set_state(request.context.ns, put.key(),
                                              std::move(*put.mutable_value()));
}

Result<void> handle_del_state(const Request& request) {
  protos::DelState& del = request.buffers.del_state;
  if (auto decoded = decode(request, del); !decoded) return decoded;
  if (auto allowed = refuse_collection(request, del.collection()); !allowed) return allowed;
  return request.context.simulator->delete_state(request.context.ns, del.key());
}

}  // namespace ccbus::chaincode
