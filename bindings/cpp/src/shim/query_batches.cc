#include "ccbus/shim/query_batches.h"

#include <utility>

#include "ccbus/shim/error.h"

namespace ccbus::shim {

QueryBatches::QueryBatches(Peer& peer, protos::QueryResponse first_batch)
    : peer_(&peer), batch_(std::move(first_batch)) {}

QueryBatches::QueryBatches(QueryBatches&& other) noexcept
    : peer_(std::exchange(other.peer_, nullptr)),
      batch_(std::move(other.batch_)),
      position_(other.position_) {}

QueryBatches::~QueryBatches() {
  try {
    close();
  } catch (const std::exception&) {
    // A destructor cannot report the error. The peer closes open queries with the transaction.
  }
}

std::optional<std::string> QueryBatches::next() {
  if (peer_ == nullptr) return std::nullopt;
  if (position_ == batch_.results_size()) {
    if (!batch_.has_more()) return std::nullopt;
    fetch();
  }
  return std::move(*batch_.mutable_results(position_++)->mutable_resultbytes());
}

void QueryBatches::fetch() {
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

void QueryBatches::close() {
  Peer* const peer = std::exchange(peer_, nullptr);
  if (peer == nullptr) return;
  protos::QueryStateClose request;
  request.set_id(batch_.id());
  static_cast<void>(peer->ask(protos::ChaincodeMessage::QUERY_STATE_CLOSE, request));
}

}  // namespace ccbus::shim
