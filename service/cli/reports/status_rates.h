#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ccbus {
class StatusResponse;
}  // namespace ccbus

namespace ccbus::cli {

// What a channel did between two answers to a Status.
struct ChannelRates {
  struct Stage {
    std::string name;
    std::optional<double> p99_seconds;  // Nothing: no block was committed.
  };

  std::string channel_id;
  double blocks = 0;          // A second, as all rates here.
  std::vector<Stage> stages;  // Of a commit, in order.
};

struct ChaincodeRates {
  std::string name;
  double transactions = 0;
};

// What a service did between two answers to a Status, by its own clock.
struct StatusRates {
  double seconds = 0;
  double invocations = 0;    // Requests of applications that run something.
  double look_ups = 0;       // Those that only look.
  double shim_requests = 0;  // Of chaincodes: GET_STATE and its kin.
  double committed = 0;      // Valid transactions.
  double invalid = 0;
  double blocks = 0;
  double block_bytes = 0;                  // Of the transactions in the blocks.
  double cores = 0;                        // Processor time over time.
  std::vector<ChannelRates> channels;      // As in the second answer.
  std::vector<ChaincodeRates> chaincodes;  // The same.
};

// Nothing: the service was started between the two, or no time has passed.
[[nodiscard]] std::optional<StatusRates> rates_between(const StatusResponse& from,
                                                       const StatusResponse& until);

// The value that a share `q` of the observations does not exceed, as far as the buckets tell: it is
// sought within the bucket by proportion, and is the last bound where it is beyond that. Nothing
// where there are no observations.
[[nodiscard]] std::optional<double> quantile(const std::vector<double>& bounds,
                                             const std::vector<std::uint64_t>& counts, double q);

}  // namespace ccbus::cli
