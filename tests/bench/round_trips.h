#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/connections.h"
#include "tests/bench/statistics.h"

namespace ccbus::bench {

// A request, and the exact bytes of its reply.
struct Exchange {
  std::string request;
  std::string reply;
};

// A sequence of exchanges that is repeated on one connection, with at most one open request.
class Lane {
 public:
  Lane(std::size_t connection, std::vector<Exchange> exchanges)
      : connection_(connection), exchanges_(std::move(exchanges)) {}

  [[nodiscard]] std::size_t connection() const { return connection_; }

  void send(Connections& connections);

  // Returns how long the round trip took. Throws std::runtime_error if this is not the reply.
  [[nodiscard]] Clock::duration take(const zmq::message_t& reply);

 private:
  const std::size_t connection_;
  std::vector<Exchange> exchanges_;
  std::size_t next_ = 0;
  Clock::time_point sent_;
};

// The lanes of a driver: some share the first connection, and each further connection has one.
struct LaneShape {
  std::size_t of_first = 1;
  std::size_t more_connections = 0;

  [[nodiscard]] std::size_t lanes() const { return of_first + more_connections; }
  [[nodiscard]] std::size_t connection_of(std::size_t lane) const {
    return lane < of_first ? 0 : lane - of_first + 1;
  }
};

// Makes `count` round trips to the server, with `in_flight` of them open at a time, by the lanes in
// turn, and adds them to `measured`. Both sides of a comparison run exactly this. The replies on
// one connection must be in the order of the requests, which holds for a server with one thread.
void run_round_trips(Connections& connections, pid_t server, std::span<Lane> lanes,
                     std::size_t in_flight, std::size_t count, Measurement& measured);

}  // namespace ccbus::bench
