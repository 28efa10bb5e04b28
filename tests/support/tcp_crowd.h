#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

namespace ccbus::test {

// The port of http://host:port.
inline std::uint16_t port_of(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

// The host of http://host:port.
inline std::string host_of(const std::string& url) {
  const auto begin = url.find("//") + 2;
  return url.substr(begin, url.rfind(':') - begin);
}

// A TCP connection to loopback that says what the test wants, which need not be HTTP.
class TcpConnection {
 public:
  explicit TcpConnection(std::uint16_t port, std::string_view first_words = "")
      : TcpConnection("127.0.0.1", port, first_words) {}
  // The address is like http://127.0.0.1:9443.
  explicit TcpConnection(const std::string& url, std::string_view first_words = "")
      : TcpConnection(host_of(url), port_of(url), first_words) {}
  TcpConnection(const std::string& host, std::uint16_t port, std::string_view first_words)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      const int why = errno;
      close(socket_);
      throw std::system_error(why, std::generic_category(), "cannot connect");
    }
    const timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    say(first_words);
  }
  TcpConnection(TcpConnection&& other) noexcept : socket_(other.socket_) { other.socket_ = -1; }
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;
  ~TcpConnection() {
    if (socket_ >= 0) close(socket_);
  }

  // A peer that has closed is no failure: read_all() shows it.
  void say(std::string_view text) const {
    static_cast<void>(send(socket_, text.data(), text.size(), MSG_NOSIGNAL));
  }

  // Returns what comes until the peer closes, or for twenty seconds.
  [[nodiscard]] std::string read_all() const {
    std::string all;
    char bytes[4096];
    for (ssize_t size = 0; (size = recv(socket_, bytes, sizeof bytes, 0)) > 0;) {
      all.append(bytes, static_cast<std::size_t>(size));
    }
    return all;
  }

  // Returns true if the peer has closed it, or will within the time.
  [[nodiscard]] bool ends_within(int milliseconds) const {
    pollfd waiting{socket_, POLLRDHUP, 0};
    return poll(&waiting, 1, milliseconds) == 1;
  }

 private:
  int socket_;
};

// So many connections to a port of 127.0.0.1 or to an address, all of which say the same words and
// then nothing. Raises this process's limit of descriptors if that is what it takes.
template <class Address>
std::vector<TcpConnection> tcp_crowd(std::size_t count, const Address& address,
                                     std::string_view words) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  std::vector<TcpConnection> crowd;
  crowd.reserve(count);
  for (std::size_t i = 0; i < count; ++i) crowd.emplace_back(address, words);
  return crowd;
}

// While it exists, every connection says one more letter from time to time, so that none of them is
// idle for long.
class SlowTalk {
 public:
  // The connections outlive it.
  explicit SlowTalk(const std::vector<TcpConnection>& crowd)
      : thread_([this, &crowd](std::stop_token stop) {
          std::unique_lock lock(mutex_);
          while (!stop.stop_requested()) {
            for (const TcpConnection& connection : crowd) connection.say("x");
            changed_.wait_for(lock, stop, std::chrono::milliseconds(300), [] { return false; });
          }
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread thread_;  // Last: it uses the others.
};

}  // namespace ccbus::test
