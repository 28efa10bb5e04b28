#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ccbus {
class StatusResponse;
}  // namespace ccbus

namespace ccbus::cli {

// The activity of a channel between two statuses.
struct ChannelRates {
  struct Stage {
    std::string name;
    std::optional<double> p99_seconds;  // nullopt: no block was committed.
  };

  std::string channel_id;
  double blocks = 0;          // Per second, as all rates here.
  std::vector<Stage> stages;  // The stages of a commit, in order.
};

struct ChaincodeRates {
  std::string name;
  double transactions = 0;
};

// The activity of a service between two statuses, according to its own clock.
struct StatusRates {
  double seconds = 0;
  double invocations = 0;    // Requests of applications that run chaincode or change something.
  double look_ups = 0;       // Requests of applications that only read.
  double shim_requests = 0;  // Requests of chaincodes, as GET_STATE.
  double committed = 0;      // Valid transactions.
  double invalid = 0;
  double blocks = 0;
  double block_bytes = 0;                  // Of the transactions in the blocks.
  double cores = 0;                        // Processor seconds per second.
  std::vector<ChannelRates> channels;      // In the order of the second status.
  std::vector<ChaincodeRates> chaincodes;  // The same.
};

// Returns nullopt if the service was restarted between the two statuses, or if no time has passed.
[[nodiscard]] std::optional<StatusRates> rates_between(const StatusResponse& from,
                                                       const StatusResponse& until);

// Estimates the value that a share `q` of the observations does not exceed, by linear interpolation
// within its bucket; a value beyond the last bound is returned as that bound. Returns nullopt if
// there are no observations.
[[nodiscard]] std::optional<double> quantile(const std::vector<double>& bounds,
                                             const std::vector<std::uint64_t>& counts, double q);

}  // namespace ccbus::cli
