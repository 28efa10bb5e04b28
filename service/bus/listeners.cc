#include "service/bus/listeners.h"

#include <algorithm>
#include <cerrno>

#include "service/base/port_user.h"

namespace ccbus::bus {
namespace {

// Whether a connection to `accepted` came by what listens on `address`, which may stand for any
// address of the machine.
bool came_by(std::string_view address, std::string_view accepted) {
  if (address == accepted) return true;
  for (const std::string_view any : {"tcp://0.0.0.0", "tcp://[::]"}) {
    if (address.starts_with(any)) return accepted.ends_with(address.substr(any.size()));
  }
  return false;
}

}  // namespace

Result<void> Listeners::bind(zmq::socket_t& socket, const std::string& address) {
  try {
    socket.bind(address);
  } catch (const zmq::error_t& error) {
    std::string why = error.what();
    if (error.num() == EADDRINUSE) {
      if (const auto user = find_port_user(address)) why += ", by " + *user;
    }
    return fail(ErrorCode::kIo, "cannot listen on " + address + ": " + why);
  }
  listeners_.push_back({address, socket.get(zmq::sockopt::last_endpoint)});
  return {};
}

Result<std::size_t> Listeners::unbind(zmq::socket_t& socket, const std::string& address) {
  const auto listener = std::ranges::find(listeners_, address, &Listener::bound);
  if (address.empty() || listener == listeners_.end()) {
    return fail(ErrorCode::kNotFound, "nothing listens on '" + address + "'");
  }
  socket.unbind(listener->address);
  listener->bound.clear();
  return static_cast<std::size_t>(listener - listeners_.begin());
}

// The last one that fits: an address may be bound again after it was ended.
std::size_t Listeners::index_of(std::string_view accepted) const {
  for (std::size_t i = listeners_.size(); i-- > 0;) {
    if (came_by(listeners_[i].address, accepted)) return i;
  }
  return 0;
}

}  // namespace ccbus::bus
