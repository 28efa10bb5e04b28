#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "service/base/clock.h"

namespace ccbus::bridge {

// What one connection to the service tells its user. Called on the bridge's thread, never from
// within a function of Dealer; none of the functions may destroy the Dealer.
class DealerUser {
 public:
  virtual ~DealerUser() = default;

  // A frame; an empty one is the end of the stream at the endpoint for chaincode.
  virtual void on_frame(Now now, std::string frame) = 0;

  // Fewer than kRpcWindow bytes are unsent again, after Dealer::tell_when_sent().
  virtual void on_sent(Now now) = 0;

  // The connection was not made in time, has broken, or has said what no service says. Last.
  virtual void on_lost(Now now, const std::string& why) = 0;
};

// One DEALER with one connection to the service, which is not made again once it is lost: a message
// of one connection never gets into another one.
//
// Thread:   the bridge's thread only. None of the functions blocks.
// Lifetime: destroying it closes the connection; what was sent before is still delivered, for at
//           most a second.
class Dealer {
 public:
  virtual ~Dealer() = default;

  // Sends a frame, or keeps it until the connection is made.
  virtual void send(std::string frame) = 0;

  // The room (room_of()) of the frames that are not yet with the operating system.
  [[nodiscard]] virtual std::size_t unsent_bytes() const = 0;

  // Asks for one on_sent().
  virtual void tell_when_sent() = 0;

  // Receives nothing until release(): the service's frames wait with libzmq, and then with the
  // service.
  virtual void hold() = 0;
  virtual void release() = 0;
};

// Opens connections to one endpoint of the service. Its user outlives the Dealer.
class DealerSource {
 public:
  virtual ~DealerSource() = default;

  // Never fails: an endpoint that cannot be reached is told by on_lost().
  [[nodiscard]] virtual std::unique_ptr<Dealer> open(Now now, DealerUser& user) = 0;
};

}  // namespace ccbus::bridge
