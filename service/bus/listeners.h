#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "zmq.hpp"

namespace ccbus::bus {

// The addresses on which one ROUTER listens. Thread: that of the socket.
class Listeners {
 public:
  struct Listener {
    std::string bound;    // The text that it was bound with; empty if it has ended.
    std::string address;  // With the port that the system chose.
  };

  // Errors: kIo, naming the address and who uses the port.
  [[nodiscard]] Result<void> bind(zmq::socket_t& socket, const std::string& address);

  // Ends listening on an address, by the text that it was bound with. Returns its index.
  // Errors: kNotFound.
  [[nodiscard]] Result<std::size_t> unbind(zmq::socket_t& socket, const std::string& address);

  // The index of the listener by which a connection came, to the address as libzmq names it; 0 if
  // it cannot be told.
  [[nodiscard]] std::size_t index_of(std::string_view accepted) const;

  // In the order in which they were bound; also those that have ended.
  [[nodiscard]] const std::vector<Listener>& all() const { return listeners_; }

 private:
  std::vector<Listener> listeners_;
};

}  // namespace ccbus::bus
