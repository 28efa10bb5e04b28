#include "service/operations/listening_socket.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <utility>

#include "service/base/port_user.h"

namespace ccbus::operations {
namespace {

using AddressOf = int (*)(int, sockaddr*, socklen_t*);

std::string numeric(AddressOf address_of, int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  char host[NI_MAXHOST];
  if (address_of(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      getnameinfo(reinterpret_cast<sockaddr*>(&address), size, host, sizeof host, nullptr, 0,
                  NI_NUMERICHOST) != 0) {
    return "";
  }
  return host;
}

int port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  char port[NI_MAXSERV];
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      getnameinfo(reinterpret_cast<sockaddr*>(&address), size, nullptr, 0, port, sizeof port,
                  NI_NUMERICSERV) != 0) {
    return 0;
  }
  return std::atoi(port);
}

// Returns a socket that listens there; -1 with the reason in errno if it does not.
int try_to_listen(const addrinfo& there) {
  const int descriptor = socket(there.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  // Not SO_REUSEPORT: two services must not share one port.
  const int yes = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  // The backlog holds who comes while the limit of connections is reached; the system bounds it.
  if (bind(descriptor, there.ai_addr, there.ai_addrlen) == 0 &&
      listen(descriptor, SOMAXCONN) == 0) {
    return descriptor;
  }
  const int reason = errno;
  close(descriptor);
  errno = reason;
  return -1;
}

}  // namespace

Result<HostAndPort> split_address(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) {
    return fail(ErrorCode::kInvalid, address + ": host:port is wanted");
  }
  HostAndPort parts;
  const char* end = address.data() + address.size();
  const auto [stop, error] = std::from_chars(address.data() + colon + 1, end, parts.port);
  if (error != std::errc{} || stop != end || parts.port < 0 || parts.port > 65'535) {
    return fail(ErrorCode::kInvalid, address + ": the port is a number from 0 to 65535");
  }
  parts.host = address.substr(0, colon);
  if (parts.host.starts_with('[') && parts.host.ends_with(']')) {
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  }
  return parts;
}

Result<ListeningSocket> listen_on(const std::string& address) {
  const auto parts = split_address(address);
  if (!parts) return unexpected(parts.error());
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed =
      getaddrinfo(parts->host.c_str(), std::to_string(parts->port).c_str(), &wanted, &found);
  if (failed != 0) return fail(ErrorCode::kPrecondition, gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    const int descriptor = try_to_listen(*at);
    if (descriptor >= 0) return ListeningSocket{descriptor, port_of(descriptor)};
  }
  const int reason = errno;
  std::string why = std::strerror(reason);
  if (reason == EADDRINUSE) {
    if (const auto user = find_port_user(address)) why += ", by " + *user;
  }
  return fail(ErrorCode::kPrecondition, std::move(why));
}

std::string local_address(int socket) {
  return numeric(&getsockname, socket);
}

std::string remote_address(int socket) {
  return numeric(&getpeername, socket);
}

}  // namespace ccbus::operations
