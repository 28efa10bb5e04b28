#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
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
  // RESOURCE_EXHAUSTED.
  explicit OpenCalls(const RpcBytes& bytes);
  ~OpenCalls();
  OpenCalls(const OpenCalls&) = delete;
  OpenCalls& operator=(const OpenCalls&) = delete;

  // `rpc` lives until its finish(). `from` names the other side.
  void add(std::uint64_t id, Rpc& rpc, const std::string& from, const Start& start);

  // Hands an event to its call; one of a call that is over is dropped.
  void on_event(Now now, Event event);

  // Destroys the logic of calls that are over. Not to be called from within a call's function.
  void sweep();

  // Ends a call, if it is open.
  void finish(std::uint64_t id, RpcEnd end);

  // Ends all calls.
  void finish_all(const RpcEnd& end);

  [[nodiscard]] std::size_t size() const { return calls_.size(); }
  [[nodiscard]] const CallCounters& counters() const { return counters_; }

  struct Call {
    std::string from;
    std::string what;  // See RpcCall::what().
  };
  [[nodiscard]] std::vector<Call> report() const;

 private:
  class Entry;

  const RpcBytes& bytes_;
  CallCounters counters_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Entry>> calls_;
  std::vector<std::uint64_t> over_;  // Have called finish(), and are still in the map.
};

}  // namespace ccbus::bridge
