#include "ccbus/shim/error.h"
#include "ccbus/shim/history_iterator.h"
#include "ccbus/shim/state_iterator.h"
#include "fabric/ledger/kv_query_result.pb.h"

namespace ccbus::shim {
namespace {

template <class Result>
std::optional<Result> decode_next(QueryBatches& batches) {
  const auto bytes = batches.next();
  if (!bytes) return std::nullopt;
  Result result;
  if (!result.ParseFromString(*bytes))
    throw Error("the peer sent a query result that cannot be decoded");
  return result;
}

}  // namespace

std::optional<KeyValue> StateIterator::next() {
  auto result = decode_next<queryresult::KV>(batches_);
  if (!result) return std::nullopt;
  return KeyValue{std::move(*result->mutable_key()), std::move(*result->mutable_value())};
}

std::optional<KeyModification> HistoryIterator::next() {
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  auto result = decode_next<queryresult::KeyModification>(batches_);
  if (!result) return std::nullopt;
  const auto& timestamp = result->timestamp();
  return KeyModification{std::move(*result->mutable_tx_id()), std::move(*result->mutable_value()),
                         std::chrono::sys_time<nanoseconds>(seconds(timestamp.seconds()) +
                                                            nanoseconds(timestamp.nanos())),
                         result->is_delete()};
}

}  // namespace ccbus::shim
