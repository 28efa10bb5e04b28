#include "service/assembly/key_rotation.h"

#include <algorithm>
#include <utility>

#include "service/assembly/key_gate.h"

namespace ccbus {

Result<WantedListeners> wanted_listeners(const Config& config) {
  WantedListeners wanted;
  std::string secret_key;
  if (!config.server_key.empty()) {
    auto read = read_secret_key(config.server_key);
    if (!read) return unexpected(read.error());
    secret_key = std::move(*read);
  }
  wanted.chaincodes.push_back({config.chaincode_address, secret_key});
  wanted.clients.push_back({config.client_address, secret_key});
  if (config.next_server_key.empty()) return wanted;
  const auto next = read_secret_key(config.next_server_key);
  if (!next) return unexpected(next.error());
  if (!config.next_chaincode_address.empty()) {
    wanted.chaincodes.push_back({config.next_chaincode_address, *next});
  }
  if (!config.next_client_address.empty()) {
    wanted.clients.push_back({config.next_client_address, *next});
  }
  return wanted;
}

void ListenerKeeper::keep(Now now, const std::vector<WantedListeners::Listener>& wanted) {
  for (const auto& listener : wanted) {
    if (std::ranges::find(bound_, listener) != bound_.end()) continue;
    if (auto bound = endpoint_.listen(listener.address, listener.secret_key); !bound) {
      return logger_.error("bus.not_listening endpoint={} why={:?}", endpoint_.name(),
                           bound.error().message);
    }
    logger_.info("bus.listening endpoint={} address={}", endpoint_.name(), listener.address);
    bound_.push_back(listener);
  }
  std::erase_if(bound_, [&](const WantedListeners::Listener& listener) {
    if (std::ranges::find(wanted, listener) != wanted.end()) return false;
    const auto ended = endpoint_.unlisten(now, listener.address);
    logger_.info("bus.listening_ended endpoint={} address={} ok={}", endpoint_.name(),
                 listener.address, ended.has_value());
    return true;
  });
}

}  // namespace ccbus
