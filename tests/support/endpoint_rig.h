#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "service/bus/router_endpoint.h"

namespace ccbus::test {

using namespace std::chrono_literals;

// Records what the endpoint reports.
class EndpointRecorder final : public bus::EndpointListener {
 public:
  void on_message(Now, PeerId peer, zmq::message_t& frame) override {
    const std::string text = frame.to_string();
    if (text == "throw") throw std::runtime_error("a bug");
    messages.push_back({peer, text});
  }
  void on_malformed(Now, PeerId peer, std::string_view reason) override {
    malformed.push_back({peer, std::string(reason)});
  }
  void on_peer_gone(Now, PeerId peer) override { gone.push_back(peer); }
  bool may_stay(PeerId peer) const override { return !useless.contains(peer); }
  bool on_peer_came(Now, PeerId peer, std::string_view public_key) override {
    keys[peer] = public_key;
    return !revoked.contains(std::string(public_key));
  }

  std::vector<std::pair<PeerId, std::string>> messages;
  std::vector<std::pair<PeerId, std::string>> malformed;
  std::vector<PeerId> gone;
  std::set<PeerId> useless;
  std::map<PeerId, std::string> keys;  // Of all that have come.
  std::set<std::string> revoked;
};

// An endpoint on loopback. The test runs its loop.
struct EndpointRig {
  explicit EndpointRig(const std::function<void(bus::RouterEndpoint::Options&)>& adjust =
                           [](auto&) {}) {
    bus::RouterEndpoint::Options options;
    options.name = "test";
    options.address = "tcp://127.0.0.1:*";
    adjust(options);
    endpoint = std::make_unique<bus::RouterEndpoint>(context, options, recorder, *logger, counters);
  }

  std::unique_ptr<zmq::socket_t> dealer(const std::string& routing_id = "") {
    auto socket = std::make_unique<zmq::socket_t>(context, zmq::socket_type::dealer);
    socket->set(zmq::sockopt::linger, 0);
    socket->set(zmq::sockopt::rcvtimeo, 10'000);
    if (!routing_id.empty()) socket->set(zmq::sockopt::routing_id, routing_id);
    socket->connect(endpoint->address());
    return socket;
  }

  // Runs the loop until the condition is true, for at most ten seconds.
  void until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
      zmq::pollitem_t items[] = {{nullptr, endpoint->readiness().descriptor(), ZMQ_POLLIN, 0},
                                 {nullptr, endpoint->monitor_descriptor(), ZMQ_POLLIN, 0}};
      zmq::poll(items, 2, endpoint->readiness().is_quiet() ? 10ms : 0ms);
      endpoint->receive(Now::read(), 100);
      endpoint->drain_monitor(Now::read());
      const auto due = endpoint->next_look();
      if (due && *due <= Now::read().steady) endpoint->look(Now::read());
      endpoint->flush(Now::read());
    }
  }

  zmq::context_t context;
  std::shared_ptr<Logger> logger = make_silent_logger();
  Counters counters;
  EndpointRecorder recorder;
  std::unique_ptr<bus::RouterEndpoint> endpoint;
};

inline std::string text_of(zmq::socket_t& socket) {
  zmq::message_t frame;
  REQUIRE(socket.recv(frame));
  return frame.to_string();
}

}  // namespace ccbus::test
