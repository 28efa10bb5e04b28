#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/load/load_result.h"
#include "service/load/workload_plan.h"
#include "service/result.h"

namespace ccbus::load {

struct RunOptions {
  WorkloadPlan plan;

  // The service: one that runs, or one that is started for the run.
  struct Embedded {
    std::filesystem::path program;      // ccbusd.
    std::vector<std::string> settings;  // section.key=value
  };
  std::optional<Embedded> embedded;
  std::string client_address;     // Of one that runs.
  std::string chaincode_address;  // The same; empty: as the service says.

  // Runs one process of dealers; options are added.
  std::vector<std::string> dealer_program;

  // How long to wait for anything that has to come: the first answer, a dealer that registers, the
  // last answer.
  std::chrono::milliseconds patience{40'000};
};

enum class Phase { kStarting, kRegistering, kLoading, kWarmingUp, kMeasuring, kDraining };

// What there is to see while it runs.
struct Progress {
  Phase phase = Phase::kStarting;
  std::uint64_t done = 0;  // Dealers, keys, milliseconds: by phase.
  std::uint64_t total = 0;
  std::uint64_t succeeded = 0;  // Of the measured time so far.
  std::uint64_t conflicts = 0;
  std::uint64_t failures = 0;
  LatencyHistogram::Nanoseconds p50{0};
  LatencyHistogram::Nanoseconds p99{0};
  double per_second = 0;  // Over the measured time so far.
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  // Ten times a second or so.
  virtual void on_progress(const Progress& progress) = 0;
};

// Runs a plan from the first connection to the last answer. SIGINT and SIGTERM end the measured
// time early; what was measured is returned.
//
// Blocks: as long as the plan takes. One run at a time in a process; it leaves SIGINT and SIGTERM
// blocked and SIGPIPE ignored.
// Errors: kInvalid the plan; kPeerGone no service there; kExhausted a limit of the system; kIo
//         anything else that keeps it from running, or a run that broke down.
[[nodiscard]] Result<LoadResult> run_load(const RunOptions& options, RunObserver& observer);

}  // namespace ccbus::load
