#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tests/bench/round_trips.h"
#include "tests/support/process.h"

namespace ccbus::bench {

// The other side of a comparison: the raw echo server as a child, and the lanes that talk to it.
class RawEcho {
 public:
  struct Options {
    Sockets sockets = Sockets::kDealers;
    std::vector<std::string> launcher = {};  // Words before the server's own, as for env.
    // Of the connections; with them the server has this secret key.
    curve::Keys keys = {};
    std::string server_secret_key = {};
  };

  // Requests and replies have the sizes of `sample`. Every connection is established on return.
  RawEcho(const Exchange& sample, const LaneShape& shape, const Options& options);

  // Adds a lane with a connection of its own, which is established on return.
  void add_lane();

  [[nodiscard]] pid_t pid() const { return process_.pid(); }

  // `in_flight` of `lanes`, which are its own or a part of them.
  void run(std::span<Lane> lanes, std::size_t in_flight, std::size_t count, Measurement& measured);
  [[nodiscard]] std::vector<Lane>& lanes() { return lanes_; }

  // Ends the server. Throws std::runtime_error if it does not end properly.
  void finish();

 private:
  const Exchange exchange_;
  test::Process process_;
  zmq::context_t context_;
  std::unique_ptr<Connections> connections_;
  std::vector<Lane> lanes_;
};

}  // namespace ccbus::bench
