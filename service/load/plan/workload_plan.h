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
  // What the dealers are: "cpp", each a chaincode on the C++ SDK, as a user has it; "none", a bare
  // DEALER loop each, without an SDK; "auto" decides, see uses_sdk().
  std::string sdk = "auto";
  std::uint32_t clients = 1;  // Connections that send requests.
  // Open at the same time: requests of each client; in kHandler, transactions of each dealer; in
  // kConnect, connections in all.
  std::uint32_t in_flight = 16;

  // When: above 0, an open loop with Poisson arrivals; 0, a closed loop, in which each response
  // starts the next request.
  double rate = 0;  // Arrivals per second.
  std::chrono::milliseconds duration{10'000};
  std::chrono::milliseconds warmup{2'000};  // The same load before it, which is not measured.

  // What: the reads of the built-in workload, then its writes.
  std::uint32_t gets = 1;
  std::uint32_t puts = 1;   // To the first keys that were read; only in kInvoke and kMixed.
  std::uint32_t range = 0;  // Keys of one range query, which is read to its end; 0: none.
  // How long the chaincode waits between its reads and its writes.
  std::chrono::milliseconds think{0};
  std::uint32_t payload_bytes = 100;
  std::uint64_t keys = 10'000;  // Written before the run. 0: every access is to a new key.
  std::uint64_t hot_keys = 0;   // How many of the first keys are hot; 0: none.
  double hot_share = 1;         // The share of the accesses that go to hot keys.

  // kMixed.
  double query_share = 0.5;  // The share of the operations that are queries.
  double churn = 0;          // Dealers that leave and register again, per second.

  // Where.
  std::uint32_t channels = 1;  // Above 1: <channel>-1, <channel>-2, ...
  std::string channel = "mychannel";
  std::string chaincode = "bench-workload";
  // The arguments for a chaincode that is already connected, with {{n}}, {{key}} and {{payload}}.
  // Empty: the dealers of the built-in workload are started and called.
  std::vector<std::string> arguments;

  std::uint64_t seed = 1;

  [[nodiscard]] bool is_open_loop() const { return rate > 0; }
  [[nodiscard]] bool is_built_in() const { return arguments.empty(); }

  // Whether the dealers are chaincodes on the SDK. With "auto" they are if each process has at most
  // kSdkDealersMax of them and the load is one that the SDK can make: transactions, without think
  // times and churn.
  [[nodiscard]] bool uses_sdk() const;

  // The most operations that may be open at the same time.
  [[nodiscard]] std::uint64_t in_flight_total() const;

  // The ids of the channels that the run uses.
  [[nodiscard]] std::vector<std::string> channel_ids() const;

  bool operator==(const WorkloadPlan&) const = default;
};

// The limits of a plan, for flags and scenarios alike.
inline constexpr std::uint32_t kDealersMax = 60'000;
inline constexpr std::uint32_t kChaincodeProcessesMax = 64;
inline constexpr std::uint32_t kSdkDealersMax = 16;  // Each has threads and descriptors of its own.
inline constexpr std::uint32_t kClientsMax = 10'000;
inline constexpr std::uint32_t kInFlightTotalMax = 10'000;  // The service's own default limit.
inline constexpr std::uint32_t kAccessesMax = 1'000;
inline constexpr std::uint32_t kRangeMax = 100'000;
inline constexpr std::uint32_t kPayloadBytesMax = 1u << 20;
inline constexpr std::uint64_t kKeysMax = 10'000'000;
inline constexpr std::uint32_t kChannelsMax = 100;
inline constexpr double kRateMax = 1'000'000;
inline constexpr std::chrono::hours kDurationMax{24};
inline constexpr std::chrono::minutes kThinkMax{10};

// The default of in_flight in an open loop: large enough that the rate, and not the number of open
// requests, decides the load.
[[nodiscard]] std::uint32_t open_loop_in_flight(const WorkloadPlan& plan);

// Errors: kInvalid, naming the flag, its value and the limit.
[[nodiscard]] Result<void> validate(const WorkloadPlan& plan);

}  // namespace ccbus::load
