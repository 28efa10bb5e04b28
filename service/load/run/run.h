#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ccbus/client/identity.h"
#include "service/base/result.h"
#include "service/load/plan/workload_plan.h"
#include "service/load/result/load_result.h"

namespace ccbus::load {

struct RunOptions {
  // A service that is started for the plans. If absent, client_address is that of a running one.
  struct Embedded {
    std::filesystem::path program;      // ccbusd.
    std::vector<std::string> settings;  // section.key=value
  };
  std::optional<Embedded> embedded;
  std::string client_address;     // Of a running service.
  std::string chaincode_address;  // The same; empty: the address that the service reports.

  // Files of certificates, for a service that asks for keys: of the load's own key, and of the
  // service. All of its clients and dealers have this one key.
  std::string key;
  std::string server_key;

  // Who signs the requests; nullopt: the service does.
  std::optional<client::Identity> identity;

  // The command that runs one process of dealers; options are appended.
  std::vector<std::string> dealer_program;

  // How long to wait for the next progress: the first response, a dealer that registers, the last
  // response.
  std::chrono::milliseconds patience{40'000};
};

enum class Phase { kStarting, kRegistering, kLoading, kWarmingUp, kMeasuring, kDraining };

// The state of a run, for display.
struct Progress {
  Phase phase = Phase::kStarting;
  std::uint64_t done = 0;  // Dealers, keys or milliseconds, depending on the phase.
  std::uint64_t total = 0;
  std::uint64_t succeeded = 0;  // In the measured time so far, as all below.
  std::uint64_t conflicts = 0;
  std::uint64_t failures = 0;
  LatencyHistogram::Nanoseconds p50{0};
  LatencyHistogram::Nanoseconds p99{0};
  double per_second = 0;
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  // Called when a plan begins, with its index.
  virtual void on_begin(std::size_t plan) = 0;
  // Called about ten times a second.
  virtual void on_progress(const Progress& progress) = 0;
};

// Runs plans one after the other, each from its first connection to its last response, all on one
// service and its ledger. Each plan starts dealers of its own and ends them. SIGINT and SIGTERM end
// the measured time early: what was measured until then is returned, and later plans are not run.
//
// Blocks: as long as the plans take. Only one call at a time in a process. SIGINT and SIGTERM stay
// blocked, and SIGPIPE ignored, afterwards.
// Errors: kInvalid an invalid plan; kPeerGone the service cannot be reached or has gone; kExhausted
//         a limit of the system; kPrecondition it was interrupted before anything was measured; kIo
//         any other failure.
[[nodiscard]] Result<std::vector<LoadResult>> run_load(const std::vector<WorkloadPlan>& plans,
                                                       const RunOptions& options,
                                                       RunObserver& observer);

}  // namespace ccbus::load
