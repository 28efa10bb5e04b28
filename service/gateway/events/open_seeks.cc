#include "service/gateway/events/open_seeks.h"

namespace ccbus::gateway {

void OpenSeeks::add(PeerId client, const std::string& hash) {
  Client& seeks = clients_[client];
  const auto known = seeks.places.find(hash);
  if (known != seeks.places.end()) {
    seeks.order.splice(seeks.order.begin(), seeks.order, known->second);
    return;
  }
  if (seeks.places.size() == kOfOneClientMax) {
    seeks.places.erase(seeks.order.back());
    seeks.order.pop_back();
  }
  seeks.order.push_front(hash);
  seeks.places.emplace(hash, seeks.order.begin());
}

bool OpenSeeks::has(PeerId client, const std::string& hash) const {
  const auto at = clients_.find(client);
  return at != clients_.end() && at->second.places.contains(hash);
}

}  // namespace ccbus::gateway
