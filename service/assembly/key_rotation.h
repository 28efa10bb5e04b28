#pragma once

#include <string>
#include <vector>

#include "service/base/clock.h"
#include "service/base/log.h"
#include "service/base/result.h"
#include "service/bus/router_endpoint.h"
#include "service/config/config.h"

namespace ccbus {

// The addresses of one endpoint, each with the secret key by which the service is known there.
struct WantedListeners {
  struct Listener {
    std::string address;
    std::string secret_key;
    bool operator==(const Listener&) const = default;
  };
  std::vector<Listener> chaincodes;
  std::vector<Listener> clients;
};

// What a configuration asks for: peer.listenAddress and peer.chaincodeListenAddress with
// security.serverKey, and those of security.rotation with its key.
//
// Blocks: on the disk. Errors: kInvalid, naming the certificate that cannot be read.
[[nodiscard]] Result<WantedListeners> wanted_listeners(const Config& config);

// Keeps what one endpoint listens on as it is wanted. Bus thread.
class ListenerKeeper {
 public:
  // `bound`: what the endpoint has been constructed with.
  ListenerKeeper(bus::RouterEndpoint& endpoint, WantedListeners::Listener bound, Logger& logger)
      : endpoint_(endpoint), bound_{std::move(bound)}, logger_(logger) {}

  // Begins to listen on what is wanted and missing, then ends what is not wanted any more, with the
  // connections that came by it. What cannot be bound is logged, and then nothing is ended.
  void keep(Now now, const std::vector<WantedListeners::Listener>& wanted);

 private:
  bus::RouterEndpoint& endpoint_;
  std::vector<WantedListeners::Listener> bound_;
  Logger& logger_;
};

}  // namespace ccbus
