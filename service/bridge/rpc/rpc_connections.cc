#include "service/bridge/rpc/rpc_connections.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ccbus::bridge {
namespace {

constexpr int kBacklog = 512;
constexpr int kAcceptedPerTurn = 64;
constexpr std::size_t kEventsPerTurn = 256;

[[noreturn]] void cannot_listen(const std::string& address, const std::string& why) {
  throw std::runtime_error("cannot listen on " + address + ": " + why);
}

void set(int socket, int level, int option) {
  const int on = 1;
  setsockopt(socket, level, option, &on, sizeof on);
}

// As gRPC writes it, but for the scheme: "127.0.0.1:41234", "[::1]:41234".
std::string text_of(const sockaddr_storage& address) {
  char host[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
    return std::string(host) + ":" + std::to_string(ntohs(v4.sin_port));
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  const std::string port = ":" + std::to_string(ntohs(v6.sin6_port));
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], host, sizeof host);
    return host + port;
  }
  inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
  return "[" + std::string(host) + "]" + port;
}

// gRPC's "ipv6:%5B::1%5D:41234" as text_of() has it.
std::string without_scheme(std::string_view peer) {
  const auto colon = peer.find(':');
  std::string text(colon == std::string_view::npos ? peer : peer.substr(colon + 1));
  for (const auto& [code, character] : {std::pair{"%5B", "["}, {"%5D", "]"}}) {
    if (const auto at = text.find(code); at != std::string::npos) text.replace(at, 3, character);
  }
  return text;
}

}  // namespace

RpcConnection::~RpcConnection() {
  close(socket_);
}

void RpcConnection::cut() const {
  shutdown(socket_, SHUT_RDWR);
}

void RpcConnection::began() {
  if (silent_calls_.fetch_add(1) >= kSilentCallsMax) cut();
}

void RpcConnection::spoke() {
  has_spoken_ = true;
  // Takes away this call, and one that was given up: an honest client may give up a call now and
  // then.
  if (silent_calls_.fetch_sub(2) < 2) silent_calls_.fetch_add(1);
}

RpcConnections::RpcConnections(const std::string& address, std::size_t connections_max,
                               std::function<void(int)> hand_over)
    : connections_max_(connections_max),
      hand_over_(std::move(hand_over)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  try {
    const auto colon = address.rfind(':');
    std::string host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    address_ = address.substr(0, colon);
    listen(host, address.substr(colon + 1));
  } catch (...) {
    for (const int listener : listeners_) close(listener);
    close(epoll_);
    throw;
  }
}

RpcConnections::~RpcConnections() {
  stop();
  close(epoll_);
}

void RpcConnections::stop() {
  for (const int listener : std::exchange(listeners_, {})) close(listener);
}

// On each address that the host's name has, all with the same port.
void RpcConnections::listen(const std::string& host, const std::string& port) {
  const std::string address = address_ + ":" + port;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0) {
    cannot_listen(address, gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, &freeaddrinfo);
  std::uint16_t chosen = 0;  // In the network's order.
  for (addrinfo* each = found; each != nullptr; each = each->ai_next) {
    auto& named =
        *reinterpret_cast<sockaddr_in*>(each->ai_addr);  // The port has one place in both.
    if (chosen != 0) named.sin_port = chosen;
    const int listener = socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0) continue;  // Its family is not there.
    listeners_.push_back(listener);
    set(listener, SOL_SOCKET, SO_REUSEADDR);
    set(listener, IPPROTO_TCP, TCP_NODELAY);  // Those that it accepts have it, too.
    if (bind(listener, each->ai_addr, each->ai_addrlen) != 0 || ::listen(listener, kBacklog) != 0) {
      cannot_listen(address,
                    std::generic_category().message(errno) + "; is it this machine's, and free?");
    }
    sockaddr_storage bound{};
    socklen_t length = sizeof bound;
    getsockname(listener, reinterpret_cast<sockaddr*>(&bound), &length);
    chosen = reinterpret_cast<const sockaddr_in&>(bound).sin_port;
    epoll_event interest{EPOLLIN, {.fd = listener}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, listener, &interest);
  }
  if (listeners_.empty()) cannot_listen(address, "it is no address of this machine");
  address_ += ":" + std::to_string(ntohs(chosen));
}

void RpcConnections::turn() {
  std::array<epoll_event, kEventsPerTurn> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
  // First those that have ended: a new connection may get the number of one of them.
  std::vector<int> with_new;
  for (int i = 0; i < count; ++i) {
    const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
    if (open_.contains(descriptor)) {
      forget(descriptor);
    } else {
      with_new.push_back(descriptor);
    }
  }
  for (const int descriptor : with_new) {
    if (std::ranges::find(listeners_, descriptor) != listeners_.end()) accept_from(descriptor);
  }
}

void RpcConnections::accept_from(int listener) {
  for (int i = 0; i < kAcceptedPerTurn; ++i) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    const int descriptor = accept4(listener, reinterpret_cast<sockaddr*>(&address), &length,
                                   SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      add(descriptor, text_of(address));
    } else if (errno == EMFILE || errno == ENFILE) {
      return take_further(false);
    } else if (errno != ECONNABORTED) {
      return;
    }
  }
}

void RpcConnections::add(int descriptor, std::string peer) {
  const int own =
      open_.size() < connections_max_ || cut_silent() ? fcntl(descriptor, F_DUPFD_CLOEXEC, 0) : -1;
  if (own < 0) {
    ++refused_;
    close(descriptor);
    return;
  }
  auto connection = std::make_shared<RpcConnection>(own);
  epoll_event interest{0, {.fd = own}};  // That it has ended is told without being asked for.
  epoll_ctl(epoll_, EPOLL_CTL_ADD, own, &interest);
  {
    const MutexLock lock(mutex_);
    by_peer_[peer] = connection;
  }
  open_[own] = {std::move(peer), std::move(connection), silent_.insert(silent_.end(), own)};
  hand_over_(descriptor);
}

bool RpcConnections::cut_silent() {
  while (!silent_.empty()) {
    const int oldest = silent_.front();
    Open& open = open_.at(oldest);
    if (!open.connection->has_spoken()) {
      ++refused_;
      open.connection->cut();
      forget(oldest);
      return true;
    }
    silent_.pop_front();
    open.silent = silent_.end();
  }
  return false;
}

void RpcConnections::forget(int socket) {
  const auto at = open_.find(socket);
  epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
  if (at->second.silent != silent_.end()) silent_.erase(at->second.silent);
  {
    const MutexLock lock(mutex_);
    const auto named = by_peer_.find(at->second.peer);
    if (named != by_peer_.end() && named->second == at->second.connection) by_peer_.erase(named);
  }
  open_.erase(at);
  if (!are_taken_) take_further(true);
}

void RpcConnections::take_further(bool are_taken) {
  are_taken_ = are_taken;
  for (const int listener : listeners_) {
    epoll_event interest{are_taken ? EPOLLIN : 0u, {.fd = listener}};
    epoll_ctl(epoll_, EPOLL_CTL_MOD, listener, &interest);
  }
}

std::shared_ptr<RpcConnection> RpcConnections::of(std::string_view peer) const {
  const std::string text = without_scheme(peer);
  const MutexLock lock(mutex_);
  const auto at = by_peer_.find(text);
  return at == by_peer_.end() ? nullptr : at->second;
}

}  // namespace ccbus::bridge
