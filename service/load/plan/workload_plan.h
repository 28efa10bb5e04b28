#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus::load {

// What is measured.
enum class Mode {
  kInvoke,   // Submits: an operation ends when its block is on disk.
  kQuery,    // Evaluates: nothing is ordered.
  kHandler,  // Messages of the chaincode protocol: an operation is one GET_STATE and its answer.
  kConnect,  // Chaincodes that come and go: connect, register, become ready, leave.
  kMixed,    // Submits and evaluates side by side.
};

[[nodiscard]] std::string_view to_string(Mode mode);
[[nodiscard]] std::optional<Mode> parse_mode(std::string_view text);

// Everything that decides what a run does. Two runs of one plan send the same requests in the same
// order; only when they are answered differs.
struct WorkloadPlan {
  Mode mode = Mode::kInvoke;

  // Who talks to the service.
  std::uint32_t dealers = 1;              // Connected chaincodes; all register the same name.
  std::uint32_t chaincode_processes = 1;  // The dealers are spread over so many.
  std::uint32_t clients = 1;              // Connections that send requests.
  // At once: requests of each client; kHandler: transactions of each dealer; kConnect: all
  // together.
  std::uint32_t in_flight = 16;

  // When: in an open loop at Poisson arrivals; 0 is the closed loop, where an answer makes room for
  // the next request.
  double rate = 0;  // Arrivals each second.
  std::chrono::milliseconds duration{10'000};
  std::chrono::milliseconds warmup{2'000};  // The same load before, not measured.

  // What: the built-in workload's reads, then its writes, of keys that are chosen here.
  std::uint32_t gets = 1;
  std::uint32_t puts = 1;  // To the keys that were read first; only kInvoke and kMixed.
  std::uint32_t range =
      0;  // Keys of one range that is read from its beginning to its end; 0: none.
  // How long the chaincode thinks, after it has read and before it writes.
  std::chrono::milliseconds think{0};
  std::uint32_t payload_bytes = 100;
  std::uint64_t keys = 10'000;  // Written before the run. 0: every access is to a new key.
  std::uint64_t hot_keys = 0;   // Every access is to one of the first so many; 0: to any.
  double hot_share = 1;         // Of the accesses, if hot_keys is given.

  // kMixed.
  double query_share = 0.5;  // Of the operations.
  double churn = 0;          // Dealers that leave and register again, each second.

  // Where.
  std::uint32_t channels = 1;  // Above 1: <channel>-1, <channel>-2, ...
  std::string channel = "mychannel";
  std::string chaincode = "bench-workload";
  // What to call in a chaincode that is connected already, with {{n}}, {{key}} and {{payload}}.
  // Empty: the built-in workload's dealers are started.
  std::vector<std::string> arguments;

  std::uint64_t seed = 1;

  [[nodiscard]] bool is_open_loop() const { return rate > 0; }
  [[nodiscard]] bool is_built_in() const { return arguments.empty(); }

  // All that may be under way at once.
  [[nodiscard]] std::uint64_t in_flight_total() const;

  // The names of the channels.
  [[nodiscard]] std::vector<std::string> channel_ids() const;

  bool operator==(const WorkloadPlan&) const = default;
};

// What a plan may ask for. Flags and scenarios are checked against the same numbers.
inline constexpr std::uint32_t kDealersMax = 60'000;
inline constexpr std::uint32_t kChaincodeProcessesMax = 64;
inline constexpr std::uint32_t kClientsMax = 10'000;
inline constexpr std::uint32_t kInFlightTotalMax = 10'000;  // As the service's limits.requests.
inline constexpr std::uint32_t kAccessesMax = 1'000;
inline constexpr std::uint32_t kRangeMax = 100'000;
inline constexpr std::uint32_t kPayloadBytesMax = 1u << 20;
inline constexpr std::uint64_t kKeysMax = 10'000'000;
inline constexpr std::uint32_t kChannelsMax = 100;
inline constexpr double kRateMax = 1'000'000;
inline constexpr std::chrono::hours kDurationMax{24};
inline constexpr std::chrono::minutes kThinkMax{10};

// Under way at once for each client of an open loop where nobody says: the rate and not the room is
// to decide.
[[nodiscard]] std::uint32_t open_loop_in_flight(const WorkloadPlan& plan);

// Errors: kInvalid, naming the flag, its value and the limit.
[[nodiscard]] Result<void> validate(const WorkloadPlan& plan);

}  // namespace ccbus::load
