#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

namespace ccbus::testing {

// The other end of a binding's DEALER, played by the test itself: it receives what it waits for,
// and answers what the test says. No thread of its own.
class ScriptedRouter {
 public:
  struct Frame {
    std::string peer;  // The routing id: another one for each connection.
    std::string bytes;
  };

  ScriptedRouter();                               // On a free port of the loopback.
  explicit ScriptedRouter(std::string endpoint);  // Not open yet.
  ~ScriptedRouter();

  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

  // As a process that starts and dies: closing drops every connection.
  void open();
  void close();

  // The next frame of any peer. Throws when none comes in time, so that a test fails and ends.
  [[nodiscard]] Frame receive();

  // Empty when nothing has come within `timeout`.
  [[nodiscard]] std::optional<Frame> poll(std::chrono::milliseconds timeout);

  void send(const std::string& peer, std::string_view bytes);
  void send_frames(const std::string& peer, const std::vector<std::string>& frames);

 private:
  std::string endpoint_;
  std::optional<zmq::context_t> context_;
  std::optional<zmq::socket_t> router_;
};

// An ipc endpoint that nothing else uses: unlike a free port, it stays ours while it is closed.
[[nodiscard]] std::string unused_endpoint();

// How long a test waits for what has to happen before it fails.
inline constexpr std::chrono::milliseconds kPatience{10'000};

}  // namespace ccbus::testing
