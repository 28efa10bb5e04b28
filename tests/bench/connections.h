#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "zmq.hpp"

namespace ccbus::bench {

// What a driver waits for comes within ten seconds, or never.
constexpr std::chrono::milliseconds kPatience{10'000};

// Connections to one endpoint. Each has a TCP connection of its own, and the ROUTER at the other
// end knows each as a DEALER of its own. They are numbered from 0 as they are added.
class Connections {
 public:
  virtual ~Connections() = default;

  // Returns the number of the new one, which may still be on its way.
  virtual std::size_t add() = 0;

  virtual void send(std::size_t connection, zmq::message_t frame) = 0;

  // Waits for the next frame and returns whose it is. Where each connection has a socket of its
  // own, only the one of `expected` is looked at.
  // Errors: std::runtime_error when nothing has come in time.
  [[nodiscard]] virtual std::size_t receive(std::size_t expected, zmq::message_t& frame) = 0;
};

// A DEALER for each connection: what chaincode is.
class DealerConnections : public Connections {
 public:
  // A negative patience waits as long as it takes.
  DealerConnections(zmq::context_t& context, std::string endpoint,
                    std::chrono::milliseconds patience);

  std::size_t add() override;
  void send(std::size_t connection, zmq::message_t frame) override;
  [[nodiscard]] std::size_t receive(std::size_t expected, zmq::message_t& frame) override;

 private:
  zmq::context_t& context_;
  const std::string endpoint_;
  const std::chrono::milliseconds patience_;
  std::vector<zmq::socket_t> dealers_;
};

// One ROUTER that connects again and again: thousands of connections for one descriptor each, and
// one socket to wait for.
class RouterConnections : public Connections {
 public:
  RouterConnections(zmq::context_t& context, std::string endpoint);

  std::size_t add() override;
  void send(std::size_t connection, zmq::message_t frame) override;
  [[nodiscard]] std::size_t receive(std::size_t expected, zmq::message_t& frame) override;

 private:
  zmq::socket_t router_;
  const std::string endpoint_;
  std::vector<std::string> names_;  // By number: what the ROUTER calls each of them.
  std::unordered_map<std::string, std::size_t> numbers_;
};

enum class Sockets { kDealers, kOneRouter };

[[nodiscard]] std::unique_ptr<Connections> make_connections(zmq::context_t& context,
                                                            const std::string& endpoint,
                                                            Sockets sockets);

// Lets this process, and what it starts, have as many descriptors as the system allows; returns
// how many.
std::size_t raise_descriptor_limit();

}  // namespace ccbus::bench
