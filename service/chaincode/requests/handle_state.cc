#include "service/chaincode/requests/request_handlers.h"

#include <span>
#include <utility>
#include <vector>

#include "service/base/field_scanner.h"
#include "service/chaincode/requests/collection_access.h"

namespace ccbus::chaincode {
namespace {

// The arguments of a GET_STATE.
struct KeyRequest {
  std::string_view key;
  std::string_view collection;
};

// Returns false if the payload has anything that the scan does not read; it may still be valid.
bool scan(std::string_view payload, KeyRequest& into) {
  FieldScanner fields(payload);
  while (fields.next()) {
    if (fields.is_text(protos::GetState::kKeyFieldNumber)) {
      into.key = fields.bytes();
    } else if (fields.is_text(protos::GetState::kCollectionFieldNumber)) {
      into.collection = fields.bytes();
    } else {
      return false;
    }
  }
  return fields.is_sound();
}

// The result points into the request's message, or into its buffers.
Result<KeyRequest> read_get_state(const Request& request) {
  KeyRequest scanned;
  if (scan(request.message.payload, scanned)) return scanned;
  protos::GetState& get = request.buffers.get_state;
  if (auto decoded = decode(request, get); !decoded) return unexpected(decoded.error());
  return KeyRequest{get.key(), get.collection()};
}

Result<void> get_private_state(const Request& request, const KeyRequest& get) {
  TransactionContext& context = request.context;
  const std::string collection(get.collection);
  if (auto allowed = check_collection(context, collection, Access::kRead); !allowed) {
    return allowed;
  }
  auto value = context.simulator->get_private_data(context.ns, collection, get.key);
  if (!value) return unexpected(value.error());
  if (value->has_value()) request.reply = std::move(**value);
  return {};
}

}  // namespace

Result<void> handle_get_state(const Request& request) {
  const auto get = read_get_state(request);
  if (!get) return unexpected(get.error());
  if (!get->collection.empty()) return get_private_state(request, *get);
  TransactionContext& context = request.context;
  ledger::VersionedValue& found = request.buffers.found;
  const auto present = context.simulator->get_state(context.ns, get->key, found);
  if (!present) return unexpected(present.error());
  if (*present) request.reply.swap(found.value);
  return {};
}

Result<void> put_state(TransactionContext& context, const std::string& collection,
                       const std::string& key, std::string value) {
  if (auto allowed = check_collection(context, collection, Access::kWrite); !allowed) {
    return allowed;
  }
  if (collection.empty()) return context.simulator->set_state(context.ns, key, std::move(value));
  return context.simulator->set_private_data(context.ns, collection, key, std::move(value));
}

Result<void> del_state(TransactionContext& context, const std::string& collection,
                       const std::string& key) {
  if (auto allowed = check_collection(context, collection, Access::kWrite); !allowed) {
    return allowed;
  }
  if (collection.empty()) return context.simulator->delete_state(context.ns, key);
  return context.simulator->delete_private_data(context.ns, collection, key);
}

Result<void> handle_put_state(const Request& request) {
  if (auto room = request.context.simulator->check_room(request.message.payload.size()); !room)
    return room;
  protos::PutState& put = request.buffers.put_state;
  if (auto decoded = decode(request, put); !decoded) return decoded;
  return put_state(request.context, put.collection(), put.key(), std::move(*put.mutable_value()));
}

Result<void> handle_del_state(const Request& request) {
  protos::DelState& del = request.buffers.del_state;
  if (auto decoded = decode(request, del); !decoded) return decoded;
  return del_state(request.context, del.collection(), del.key());
}

}  // namespace ccbus::chaincode
