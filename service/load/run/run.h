#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/load/plan/workload_plan.h"
#include "service/load/result/load_result.h"

namespace ccbus::load {

struct RunOptions {
  // The service: one that runs, or one that is started for the plans.
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
  // The plan of that number begins.
  virtual void on_begin(std::size_t plan) = 0;
  // Ten times a second or so.
  virtual void on_progress(const Progress& progress) = 0;
};

// Runs plans one after the other, each from its first connection to its last answer, all on one
// service and its ledger. Nothing runs beside them: between two plans the dealers leave and the
// next ones come. SIGINT and SIGTERM end the measured time early; what was measured until then is
// returned, and later plans are not run.
//
// Blocks: as long as the plans take. One run at a time in a process; it leaves SIGINT and SIGTERM
// blocked and SIGPIPE ignored.
// Errors: kInvalid a plan; kPeerGone no service there; kExhausted a limit of the system; kIo
//         anything else that keeps one from running, or a run that broke down.
[[nodiscard]] Result<std::vector<LoadResult>> run_load(const std::vector<WorkloadPlan>& plans,
                                                       const RunOptions& options,
                                                       RunObserver& observer);

}  // namespace ccbus::load
