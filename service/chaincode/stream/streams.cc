#include "service/chaincode/stream/streams.h"

#include <utility>

#include "service/base/assert.h"

namespace ccbus::chaincode {

Handler& Streams::add(Now now, PeerId peer) {
  last_id_ = HandlerId{last_id_.value + 1};
  auto handler = std::make_unique<Handler>(last_id_, peer, environment_, now.steady);
  by_id_.emplace(last_id_, handler.get());
  const auto [at, added] = by_peer_.emplace(peer, std::move(handler));
  CCBUS_ASSERT(added);
  return *at->second;
}

Handler* Streams::find(PeerId peer) const {
  const auto at = by_peer_.find(peer);
  return at == by_peer_.end() ? nullptr : at->second.get();
}

Handler* Streams::find(HandlerId handler) const {
  const auto at = by_id_.find(handler);
  return at == by_id_.end() ? nullptr : at->second;
}

void Streams::retire(const Handler& ended) {
  CCBUS_ASSERT(ended.state() == State::kEnd);
  by_id_.erase(ended.id());
  auto node = by_peer_.extract(ended.peer());
  CCBUS_ASSERT(!node.empty());
  retired_.push_back(std::move(node.mapped()));
}

Handler* Streams::any() const {
  return by_peer_.empty() ? nullptr : by_peer_.begin()->second.get();
}

}  // namespace ccbus::chaincode
