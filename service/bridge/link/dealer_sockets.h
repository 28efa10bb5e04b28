#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>
#include <zmq.hpp>

#include "ccbus/curve/keys.h"
#include "service/base/clock.h"
#include "service/bridge/calls/dealer.h"
#include "service/bridge/calls/event.h"

namespace ccbus::bridge {

// All DEALERs of the bridge. One epoll descriptor tells which of them have something to say, so
// that a turn costs what happens in it, and not what is open.
//
// Thread: the bridge's thread only, except for libzmq's own threads, which count what they have
//         written.
class DealerSockets {
 public:
  struct Options {
    std::size_t sockets_max = 1023;
    int io_threads = 1;
    std::chrono::milliseconds connect_timeout{5'000};
    std::int64_t frame_bytes_max = 100 << 20;
    curve::Keys keys;  // Empty: the service asks for none.
  };

  // `events` gets kFrameSent, and outlives it. Throws zmq::error_t.
  DealerSockets(Options options, Events& events);
  // Blocks: until what was sent is with the operating system, at most a second.
  ~DealerSockets();
  DealerSockets(const DealerSockets&) = delete;
  DealerSockets& operator=(const DealerSockets&) = delete;

  // The connections to one address. It outlives this.
  [[nodiscard]] std::unique_ptr<DealerSource> to(std::string address);

  // Readable if a socket has something to say.
  [[nodiscard]] int descriptor() const { return epoll_; }

  // Looks at the sockets that have something to say and at those that were used: receives a limited
  // number of frames from each. Returns whether some have more to say.
  [[nodiscard]] bool turn(Now now);

  void on_frame_sent(Now now, std::uint64_t id);
  void on_timer(Now now);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  [[nodiscard]] std::size_t open() const { return sockets_.size(); }

 private:
  class Socket;
  class Source;
  struct Unsent;
  struct Outgoing;

  // Connections that are being made, in the order of their deadlines.
  struct Attempt {
    SteadyTime until;
    std::uint64_t id;
  };

  static zmq::message_t as_message(std::string bytes, std::shared_ptr<Unsent> unsent);
  [[nodiscard]] Socket* find(std::uint64_t id) const;

  const Options options_;
  Events& events_;
  const int epoll_;
  zmq::context_t context_;
  std::uint64_t ids_ = 0;
  std::unordered_map<std::uint64_t, Socket*> sockets_;
  std::deque<Attempt> attempts_;
  std::vector<std::uint64_t> looks_;  // Were used, or have more to say.
};

}  // namespace ccbus::bridge
