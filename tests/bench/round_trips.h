#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/statistics.h"
#include "zmq.hpp"

namespace ccbus::bench {

// What is sent, and to the byte what has to come back.
struct Exchange {
  std::string request;
  std::string reply;
};

// One conversation that has at most one request under way: its exchanges, over and over.
class Lane {
 public:
  explicit Lane(std::vector<Exchange> exchanges) : exchanges_(std::move(exchanges)) {}

  void send(zmq::socket_t& dealer);

  // Returns how long the round trip took. Throws std::runtime_error if nothing comes, or something
  // else than has to.
  [[nodiscard]] Clock::duration receive(zmq::socket_t& dealer);

 private:
  std::vector<Exchange> exchanges_;
  std::size_t next_ = 0;
  Clock::time_point sent_;
};

// A DEALER that gives up waiting after ten seconds.
[[nodiscard]] zmq::socket_t make_dealer(zmq::context_t& context, const std::string& endpoint);

// `count` round trips to the child that serves them, one under way in each lane; adds them to
// `measured`. Both sides of the comparison run exactly this. The replies must come in the order of
// the requests, which one connection to one thread gives.
void run_round_trips(zmq::socket_t& dealer, pid_t server, std::span<Lane> lanes, std::size_t count,
                     Measurement& measured);

}  // namespace ccbus::bench
