#include "service/chaincode/requests/request_handlers.h"

#include <utility>

namespace ccbus::chaincode {
namespace {

Result<void> apply(TransactionContext& context, protos::WriteRecord& record) {
  using Record = protos::WriteRecord;
  switch (record.type()) {
    case Record::PUT_STATE:
      return put_state(context, record.collection(), record.key(),
                       std::move(*record.mutable_value()));
    case Record::DEL_STATE: return del_state(context, record.collection(), record.key());
    case Record::PUT_STATE_METADATA:
      return put_state_metadata(context, record.collection(), record.key(),
                                record.has_metadata() ? &record.metadata() : nullptr);
    case Record::PURGE_PRIVATE_DATA:
      return purge_private_data(context, record.collection(), record.key());
    default: return fail(ErrorCode::kInvalid, "unknown operation type");
  }
}

}  // namespace

Result<void> handle_write_batch_state(const Request& request) {
  if (auto room = request.context.simulator->check_room(request.message.payload.size()); !room)
    return room;
  const std::size_t count =
      count_fields(request.message.payload, protos::WriteBatchState::kRecFieldNumber);
  if (count > request.limits.batch_writes_max) {
    return fail(ErrorCode::kExhausted, std::to_string(count) + " writes exceed the limit of " +
                                           std::to_string(request.limits.batch_writes_max) +
                                           " (chaincode.runtimeParams.maxSizeWriteBatch)");
  }
  protos::WriteBatchState& batch = request.buffers.write_batch_state;
  if (auto decoded = decode(request, batch); !decoded) return decoded;
  for (protos::WriteRecord& record : *batch.mutable_rec()) {
    if (auto applied = apply(request.context, record); !applied) return applied;
  }
  return {};
}

}  // namespace ccbus::chaincode
