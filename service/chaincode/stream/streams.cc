#include "service/chaincode/stream/streams.h"

#include <utility>

#include "service/base/assert.h"

namespace ccbus::chaincode {

Handler& Streams::add(Now now, PeerId peer) {
  const HandlerId id{last_id_.value + 1};
  if (retired_.capacity() <= by_peer_.size() + retired_.size()) {
    retired_.reserve(2 * (by_peer_.size() + retired_.size()) + 1);  // So retire() throws nothing.
  }
  auto handler = std::make_unique<Handler>(id, peer, environment_, now.steady);
  const auto by_id = by_id_.emplace(id, handler.get()).first;
  try {
    const auto [at, added] = by_peer_.emplace(peer, std::move(handler));
    CCBUS_ASSERT(added);
    last_id_ = id;
    return *at->second;
  } catch (...) {
    by_id_.erase(by_id);
    throw;
  }
}

Handler* Streams::find(PeerId peer) const {
  const auto at = by_peer_.find(peer);
  return at == by_peer_.end() ? nullptr : at->second.get();
}

Handler* Streams::find(HandlerId handler) const {
  const auto at = by_id_.find(handler);
  return at == by_id_.end() ? nullptr : at->second;
}

void Streams::retire(const Handler& ended) noexcept {
  CCBUS_ASSERT(ended.state() == State::kEnd);
  by_id_.erase(ended.id());
  auto node = by_peer_.extract(ended.peer());
  CCBUS_ASSERT(!node.empty());
  retired_.push_back(std::move(node.mapped()));
}

std::unique_ptr<ledger::TxSimulator> Streams::abandon(HandlerId given, std::string_view channel,
                                                      std::string_view tx,
                                                      std::string_view ns) noexcept {
  if (Handler* handler = find(given)) {
    if (auto simulator = handler->abandon(channel, tx, ns)) return simulator;
  }
  // Its handler ended before the chaincode was sent anything, and another one has taken it over.
  std::unique_ptr<ledger::TxSimulator> simulator;
  any_of([&](Handler& handler) {
    simulator = handler.abandon(channel, tx, ns);
    return simulator != nullptr;
  });
  return simulator;
}

Handler* Streams::any() const {
  return by_peer_.empty() ? nullptr : by_peer_.begin()->second.get();
}

}  // namespace ccbus::chaincode
