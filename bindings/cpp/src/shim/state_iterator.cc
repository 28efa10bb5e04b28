#include "ccbus/shim/state_iterator.h"

#include <utility>

#include "ccbus/shim/error.h"
#include "fabric/ledger/kv_query_result.pb.h"

namespace ccbus::shim {

StateIterator::StateIterator(Peer& peer, protos::QueryResponse first_batch)
    : peer_(&peer), batch_(std::move(first_batch)) {}

StateIterator::StateIterator(StateIterator&& other) noexcept
    : peer_(std::exchange(other.peer_, nullptr)),
      batch_(std::move(other.batch_)),
      position_(other.position_) {}

StateIterator::~StateIterator() {
  try {
    close();
  } catch (const std::exception&) {
    // The peer closes what is left with the transaction; there is nobody here to tell.
  }
}

std::optional<KeyValue> StateIterator::next() {
  if (peer_ == nullptr) return std::nullopt;
  if (position_ == batch_.results_size()) {
    if (!batch_.has_more()) return std::nullopt;
    fetch();
  }
  queryresult::KV result;
  if (!result.ParseFromString(batch_.results(position_).resultbytes()))
    throw Error("the peer sent a query result that cannot be decoded");
  ++position_;
  return KeyValue{std::move(*result.mutable_key()), std::move(*result.mutable_value())};
}

void StateIterator::fetch() {
  protos::QueryStateNext request;
  request.set_id(batch_.id());
  const std::string reply = peer_->ask(protos::ChaincodeMessage::QUERY_STATE_NEXT, request);
  protos::QueryResponse batch;
  if (!batch.ParseFromString(reply)) throw Error("the peer sent a batch that cannot be decoded");
  if (batch.results_size() == 0)
    throw Error("the peer promised more query results and sent an empty batch");
  batch_ = std::move(batch);
  position_ = 0;
}

void StateIterator::close() {
  Peer* const peer = std::exchange(peer_, nullptr);
  if (peer == nullptr) return;
  protos::QueryStateClose request;
  request.set_id(batch_.id());
  static_cast<void>(peer->ask(protos::ChaincodeMessage::QUERY_STATE_CLOSE, request));
}

}  // namespace ccbus::shim
