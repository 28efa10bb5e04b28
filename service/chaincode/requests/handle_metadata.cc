#include "service/chaincode/requests/request_handlers.h"

#include <utility>

#include "service/chaincode/requests/collection_access.h"

namespace ccbus::chaincode {

Result<void> handle_get_state_metadata(const Request& request) {
  protos::GetStateMetadata get;
  if (auto decoded = decode(request, get); !decoded) return decoded;
  TransactionContext& context = request.context;
  if (auto allowed = check_collection(context, get.collection(), Access::kRead); !allowed) {
    return allowed;
  }
  auto metadata =
      get.collection().empty()
          ? context.simulator->get_state_metadata(context.ns, get.key())
          : context.simulator->get_private_data_metadata(context.ns, get.collection(), get.key());
  if (!metadata) return unexpected(metadata.error());
  protos::StateMetadataResult result;
  for (auto& [name, value] : *metadata) {
    protos::StateMetadata& entry = *result.add_entries();
    entry.set_metakey(name);
    entry.set_value(std::move(value));
  }
  result.SerializeToString(&request.reply);
  return {};
}

Result<void> put_state_metadata(TransactionContext& context, const std::string& collection,
                                const std::string& key, const protos::StateMetadata* metadata) {
  if (auto allowed = check_collection(context, collection, Access::kWrite); !allowed) {
    return allowed;
  }
  if (metadata == nullptr) {
    return fail(ErrorCode::kInvalid, "the metadata to put on key '" + key + "' are missing");
  }
  ledger::Metadata entries{{metadata->metakey(), metadata->value()}};
  if (collection.empty()) {
    return context.simulator->set_state_metadata(context.ns, key, std::move(entries));
  }
  return context.simulator->set_private_data_metadata(context.ns, collection, key,
                                                      std::move(entries));
}

Result<void> handle_put_state_metadata(const Request& request) {
  protos::PutStateMetadata put;
  if (auto decoded = decode(request, put); !decoded) return decoded;
  return put_state_metadata(request.context, put.collection(), put.key(),
                            put.has_metadata() ? &put.metadata() : nullptr);
}

}  // namespace ccbus::chaincode
