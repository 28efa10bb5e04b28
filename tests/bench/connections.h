#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "ccbus/curve/keys.h"
#include "zmq.hpp"

namespace ccbus::bench {

// How long a driver waits for a message before it gives up.
constexpr std::chrono::milliseconds kPatience{10'000};

// Connections to one endpoint. Each is a separate TCP connection, which the ROUTER at the other end
// sees as a separate DEALER. They are numbered from 0 in the order in which they are added.
class Connections {
 public:
  virtual ~Connections() = default;

  // Adds a connection and returns its number; it may not be established yet.
  virtual std::size_t add() = 0;

  virtual void send(std::size_t connection, zmq::message_t frame) = 0;

  // Waits for the next frame and returns the number of its connection. If each connection has its
  // own socket, only that of `expected` is read. Errors: std::runtime_error if there is no frame in
  // time.
  [[nodiscard]] virtual std::size_t receive(std::size_t expected, zmq::message_t& frame) = 0;
};

// A DEALER for each connection, like a real chaincode.
class DealerConnections : public Connections {
 public:
  // A negative patience waits without limit.
  DealerConnections(zmq::context_t& context, std::string endpoint,
                    std::chrono::milliseconds patience, curve::Keys keys = {});

  std::size_t add() override;
  void send(std::size_t connection, zmq::message_t frame) override;
  [[nodiscard]] std::size_t receive(std::size_t expected, zmq::message_t& frame) override;

 private:
  zmq::context_t& context_;
  const std::string endpoint_;
  const std::chrono::milliseconds patience_;
  const curve::Keys keys_;
  std::vector<zmq::socket_t> dealers_;
};

// One ROUTER that connects repeatedly: thousands of connections with one descriptor each, and one
// socket to wait for.
class RouterConnections : public Connections {
 public:
  RouterConnections(zmq::context_t& context, std::string endpoint);

  std::size_t add() override;
  void send(std::size_t connection, zmq::message_t frame) override;
  [[nodiscard]] std::size_t receive(std::size_t expected, zmq::message_t& frame) override;

 private:
  zmq::socket_t router_;
  const std::string endpoint_;
  std::vector<std::string> names_;  // The ROUTER's name for each connection, by number.
  std::unordered_map<std::string, std::size_t> numbers_;
};

enum class Sockets { kDealers, kOneRouter };

// Keys are for kDealers alone; without any the connections have none.
[[nodiscard]] std::unique_ptr<Connections> make_connections(zmq::context_t& context,
                                                            const std::string& endpoint,
                                                            Sockets sockets,
                                                            const curve::Keys& keys = {});

// Raises the descriptor limit of this process and its children as far as the system allows, and
// returns it.
std::size_t raise_descriptor_limit();

}  // namespace ccbus::bench
