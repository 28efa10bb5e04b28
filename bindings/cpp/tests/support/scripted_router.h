#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

namespace ccbus::testing {

// The other end of a binding's DEALER, which the test plays itself. It has no thread of its own.
class ScriptedRouter {
 public:
  struct Frame {
    std::string peer;  // The routing id, which differs for each connection.
    std::string bytes;
  };

  ScriptedRouter();                               // On a free port of the loopback.
  explicit ScriptedRouter(std::string endpoint);  // Not open yet.
  ~ScriptedRouter();

  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

  // Like a process that starts and dies: closing drops every connection.
  void open();
  void close();

  // Returns the next frame of any peer. Throws if there is none in time, so that the test fails.
  [[nodiscard]] Frame receive();

  // Returns nullopt if there was none within `timeout`.
  [[nodiscard]] std::optional<Frame> poll(std::chrono::milliseconds timeout);

  void send(const std::string& peer, std::string_view bytes);
  void send_frames(const std::string& peer, const std::vector<std::string>& frames);

 private:
  std::string endpoint_;
  std::optional<zmq::context_t> context_;
  std::optional<zmq::socket_t> router_;
};

// An unused ipc endpoint. Unlike a free port, no other process takes it while it is closed.
[[nodiscard]] std::string unused_endpoint();

// How long a test waits for something that must happen before it fails.
inline constexpr std::chrono::milliseconds kPatience{10'000};

}  // namespace ccbus::testing
