#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "service/base/mutex.h"

namespace ccbus::bridge {

// One connection that somebody has made, as its calls see it. Any thread.
class RpcConnection {
 public:
  // Owns `socket`, a further descriptor of the connection.
  explicit RpcConnection(int socket) : socket_(socket) {}
  ~RpcConnection();
  RpcConnection(const RpcConnection&) = delete;
  RpcConnection& operator=(const RpcConnection&) = delete;

  // Ends it. What reads and writes it sees that it has ended.
  void cut() const;

  // A call has begun; and the first message of one has come.
  void began();
  void spoke();

  [[nodiscard]] bool has_spoken() const { return has_spoken_; }

  // So many more calls without a message than with one, and it is cut: calls that are begun and
  // reset cost gRPC memory faster than it gets rid of it.
  static constexpr int kSilentCallsMax = 2'000;

 private:
  const int socket_;
  std::atomic<int> silent_calls_{0};
  std::atomic<bool> has_spoken_{false};
};

// The listening sockets of one address, and the connections that were made to it: no more than a
// limit. At the limit a new connection takes the place of the oldest one that has never sent a
// message in a call; if all have, it is refused. gRPC itself has no limit, and would take
// connections until the process has no descriptor left for anything else.
//
// Thread: the bridge's, but for of().
class RpcConnections {
 public:
  // Listens on host:port; port 0 lets the system choose. `hand_over` gets each connection, a
  // descriptor that does not block, and owns it. Throws std::runtime_error, naming the address.
  RpcConnections(const std::string& address, std::size_t connections_max,
                 std::function<void(int descriptor)> hand_over);
  ~RpcConnections();
  RpcConnections(const RpcConnections&) = delete;
  RpcConnections& operator=(const RpcConnections&) = delete;

  // Readable when there is something for turn() to do.
  [[nodiscard]] int descriptor() const { return epoll_; }

  // Takes new connections, and forgets those that have ended. Does not block.
  void turn();

  // Accepts no further connection.
  void stop();

  // The one that gRPC calls so: "ipv4:127.0.0.1:41234". Null: it has just ended. Any thread.
  [[nodiscard]] std::shared_ptr<RpcConnection> of(std::string_view peer) const
      CCBUS_EXCLUDES(mutex_);

  // host:port, with the port that the system chose.
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] std::size_t open() const { return open_.size(); }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  struct Open {
    std::string peer;
    std::shared_ptr<RpcConnection> connection;
    std::list<int>::iterator silent;  // In silent_; its end if it is known to have spoken.
  };

  void listen(const std::string& host, const std::string& port);
  void accept_from(int listener);
  // Cuts the oldest of the connections that have sent no message. Returns false if all have sent
  // one.
  [[nodiscard]] bool cut_silent();
  void add(int descriptor, std::string peer);
  // Whether new connections are taken; those that are not wait with the operating system.
  void take_further(bool are_taken);
  void forget(int socket) CCBUS_EXCLUDES(mutex_);

  const std::size_t connections_max_;
  const std::function<void(int)> hand_over_;
  const int epoll_;
  std::vector<int> listeners_;
  std::string address_;
  std::unordered_map<int, Open> open_;  // By RpcConnection's descriptor.
  std::list<int> silent_;  // Those that had not spoken when last looked at, the oldest one first.
  bool are_taken_ = true;
  std::uint64_t refused_ = 0;

  mutable Mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<RpcConnection>> by_peer_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::bridge
