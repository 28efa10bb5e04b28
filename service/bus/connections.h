#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "service/base/clock.h"
#include "service/bus/spare_descriptor.h"

namespace ccbus::bus {

// The connections of several endpoints together. Bus thread.
struct SharedConnections {
  std::size_t peers_max;  // Beyond them a new peer is refused with a reason.
  std::size_t open_max;   // Beyond them a connection gives way at once.
  std::size_t peers = 0;
  std::size_t open = 0;
};

// The live connections of one ROUTER, by descriptor: those that its monitor has reported as
// accepted and not as ended. It says which of them are to be cut, and cuts one. libzmq itself
// accepts whatever comes; so the limit of connections is kept by cutting.
//
// libzmq hands over whole messages only. What a connection has brought of a message that is not
// complete, or of many that are waiting in libzmq, shows only in the kernel's count of the bytes
// received (TCP_INFO). It may run ahead of what was delivered by a limit, and by what comes between
// two looks. Connections that are not TCP have no such count: ipc is for trusted peers.
//
// Thread: one at a time.
// Blocks: never.
class Connections {
 public:
  struct Limits {
    std::size_t open_max;                     // Connections.
    SharedConnections* shared;                // With other endpoints; null: with none.
    std::size_t ahead_bytes_max;              // Received and not delivered, of one connection.
    std::size_t ahead_bytes_total;            // Of all.
    std::chrono::milliseconds first_message;  // In which a connection must have been of use.
  };
  // Valid until the connection has ended.
  struct Connection {
    [[nodiscard]] bool has_spoken() const { return delivered > 0; }

    std::uint64_t cookie;    // The kernel's number of the socket, which it never uses twice; or 0.
    SteadyTime last_of_use;  // When it was accepted, or was last seen to be of use.
    std::list<int>::iterator silent;  // Its place among the silent ones, until it has spoken.
    std::uint64_t delivered = 0;      // Bytes on the wire.
    bool is_cut = false;
    std::size_t listener = 0;  // By which of the endpoint's addresses it came.
  };

  // A connection that is to be cut, and why.
  struct Offence {
    int descriptor;
    std::string reason;
  };

  // What is shared outlives this object.
  explicit Connections(const Limits& limits) : limits_(limits) {}

  // Returns the connection that has to give way to this one, since there are more than open_max:
  // the one that has been silent longest.
  [[nodiscard]] std::optional<int> accepted(Now now, int descriptor);
  void ended(int descriptor);

  // What a frame takes on the wire: ZMTP has flags before it, and a size of one byte or eight.
  [[nodiscard]] static std::size_t bytes_on_wire(std::size_t frame_bytes) {
    constexpr std::size_t kShortFrameMax = 255;
    return frame_bytes + (frame_bytes <= kShortFrameMax ? 2 : 9);
  }

  // A message of so many bytes on the wire was handed over.
  void deliver(Connection& connection, std::size_t bytes) {
    if (!connection.has_spoken()) silent_.erase(connection.silent);
    connection.delivered += bytes;
  }

  // Returns null if the descriptor is of no live connection.
  [[nodiscard]] Connection* find(int descriptor) {
    const auto at = live_.find(descriptor);
    return at == live_.end() ? nullptr : &at->second;
  }
  [[nodiscard]] const Connection* find(int descriptor) const {
    const auto at = live_.find(descriptor);
    return at == live_.end() ? nullptr : &at->second;
  }
  // The descriptors of those that came by one of the endpoint's addresses.
  [[nodiscard]] std::vector<int> of_listener(std::size_t listener) const;
  // Those that are not cut.
  [[nodiscard]] std::size_t open() const { return open_; }

  // When look() is due. Returns nullopt if there are no connections.
  [[nodiscard]] std::optional<SteadyTime> next_look() const {
    if (live_.empty()) return std::nullopt;
    return next_look_;
  }

  // Looks at the next few connections; one after the other all are looked at, every 250 ms if they
  // are few. `may_stay` tells of one that has spoken whether it is of use. Returns those that are
  // to be cut now.
  [[nodiscard]] std::vector<Offence> look(Now now, const std::function<bool(int)>& may_stay);

  // Ends a connection, whose monitor then reports it. Does nothing if the descriptor belongs to
  // another socket by now. The monitor has been drained directly before.
  //
  // libzmq owns the descriptor and may close it at any time; a copy cannot be closed under our
  // hands, and its cookie tells which socket it is.
  void cut(int descriptor);

 private:
  [[nodiscard]] bool is_above_limit() const;
  void opened();
  void closed();
  void begin_round();
  [[nodiscard]] std::optional<Offence> examine(Now now, int descriptor, Connection& connection,
                                               const std::function<bool(int)>& may_stay);

  const Limits limits_;
  SpareDescriptor spare_;
  std::unordered_map<int, Connection> live_;
  std::list<int> silent_;  // Those that have not spoken; the one that was accepted first is first.
  std::size_t open_ = 0;

  SteadyTime next_look_{};
  std::vector<int> round_;  // The descriptors that this round looks at; ended ones among them.
  std::size_t next_ = 0;    // In round_.
  std::uint64_t ahead_total_ = 0;  // Of the round so far.
  int furthest_ = -1;
  std::uint64_t ahead_of_furthest_ = 0;
};

}  // namespace ccbus::bus
