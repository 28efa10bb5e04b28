#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "service/base/clock.h"
#include "service/bridge/calls/event.h"
#include "service/bridge/calls/rpc.h"
#include "service/bridge/calls/rpc_bytes.h"

namespace ccbus::bridge {

// What has come and gone since the start.
struct CallCounters {
  std::uint64_t calls = 0;
  std::uint64_t messages_received = 0;  // By gRPC.
  std::uint64_t bytes_received = 0;
  std::uint64_t messages_sent = 0;
  std::uint64_t bytes_sent = 0;
};

// The calls that are open, served ones and those that the bridge has made. It keeps the logic of
// each until it has called finish(). The bridge's thread only.
class OpenCalls {
 public:
  // Makes the logic of a call. It may call finish() at once; then it may return null.
  using Start = std::function<std::unique_ptr<RpcCall>(Rpc&)>;

  // `bytes` is what all calls hold; beyond its limit the call that gets a further message ends with
  // RESOURCE_EXHAUSTED. `calls_max`: see add_served().
  OpenCalls(const RpcBytes& bytes, std::size_t calls_max);
  ~OpenCalls();
  OpenCalls(const OpenCalls&) = delete;
  OpenCalls& operator=(const OpenCalls&) = delete;

  // `rpc` lives until its finish(). `from` names the other side.
  void add(std::uint64_t id, Rpc& rpc, const std::string& from, const Start& start);

  // The same, of a call that somebody makes. Nobody holds calls for nothing: it ends with
  // DEADLINE_EXCEEDED if its first message has not come after kFirstMessageMax, and when as many
  // calls are open as may be, one without a message gives way to it: of the oldest ones that of
  // the connection which has most of them. If all have a message, it is refused. Both get
  // RESOURCE_EXHAUSTED.
  void add_served(Now now, std::uint64_t id, Rpc& rpc, const std::string& from, const Start& start);
  static constexpr std::chrono::seconds kFirstMessageMax{60};

  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
  void on_timer(Now now);

  // Hands an event to its call; one of a call that is over is dropped.
  void on_event(Now now, Event event);

  // Destroys the logic of calls that are over. Not to be called from within a call's function.
  void sweep();

  // Ends a call, if it is open.
  void finish(std::uint64_t id, RpcEnd end);

  // Ends all calls.
  void finish_all(const RpcEnd& end);

  [[nodiscard]] std::size_t size() const { return calls_.size(); }
  // The calls that are watched for a first message, with some that have ended since: at most twice
  // as many as may be open.
  [[nodiscard]] std::size_t watched() const { return silent_.size(); }
  [[nodiscard]] const CallCounters& counters() const { return counters_; }

  struct Call {
    std::string from;
    std::string what;  // See RpcCall::what().
  };
  [[nodiscard]] std::vector<Call> report() const;

 private:
  class Entry;

  const RpcBytes& bytes_;
  const std::size_t calls_max_;
  CallCounters counters_;
  [[nodiscard]] RpcEnd too_many() const;

  // When a call's first message must have come, in this order. Those that are over go from the
  // front.
  struct Silent {
    SteadyTime until;
    std::uint64_t id;
  };
  void forget_ended_silent();
  void forget_silent(Entry& entry);
  [[nodiscard]] bool is_silent(std::uint64_t id) const;
  // Ends the one that has to give way. There is one.
  void finish_silent();

  std::unordered_map<std::uint64_t, std::unique_ptr<Entry>> calls_;
  std::deque<Silent> silent_;
  std::unordered_map<std::string, std::size_t> silent_of_;  // How many, by connection.
  std::vector<std::uint64_t> over_;  // Have called finish(), and are still in the map.
};

}  // namespace ccbus::bridge
