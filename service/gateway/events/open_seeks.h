#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

#include "service/base/ids.h"

namespace ccbus::gateway {

// Which signed requests for blocks each client has begun. Such a request is good for kTimeWindow
// only, but who has begun in time may go on for as long as the connection lasts. Bus thread only.
class OpenSeeks {
 public:
  // How many are remembered of one client. One more, and the one that was asked for the longest
  // time ago is forgotten.
  static constexpr std::size_t kOfOneClientMax = 1'024;

  // Remembers one by the hash of what was signed.
  void add(PeerId client, const std::string& hash);

  [[nodiscard]] bool has(PeerId client, const std::string& hash) const;

  void on_client_gone(PeerId client) noexcept { clients_.erase(client); }

 private:
  struct Client {
    std::list<std::string> order;  // What was asked for last is the first.
    std::unordered_map<std::string, std::list<std::string>::iterator> places;
  };

  std::unordered_map<PeerId, Client> clients_;
};

}  // namespace ccbus::gateway
