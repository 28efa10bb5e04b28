#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "service/load/plan/workload_plan.h"
#include "service/load/result/latency_histogram.h"
#include "service/load/result/trend.h"

namespace ccbus::load {

// How operations ended. Each operation in `sent` is counted in exactly one of the other members.
struct Totals {
  std::uint64_t sent = 0;
  std::uint64_t succeeded = 0;  // Committed as valid; or answered, if nothing is ordered.
  std::uint64_t mvcc_conflicts = 0;
  std::uint64_t phantom_conflicts = 0;
  std::uint64_t aborted_by_churn = 0;  // Their dealer left during the transaction, due to --churn.
  std::map<std::string, std::uint64_t> failures;  // By kind: a status code or a validation code.
  std::uint64_t unanswered = 0;

  [[nodiscard]] std::uint64_t conflicts() const { return mvcc_conflicts + phantom_conflicts; }
  [[nodiscard]] std::uint64_t failed() const {
    std::uint64_t sum = 0;
    for (const auto& [kind, count] : failures) sum += count;
    return sum;
  }
  [[nodiscard]] std::uint64_t answered() const {
    return succeeded + conflicts() + aborted_by_churn + failed();
  }

  bool operator==(const Totals&) const = default;
};

// The operations that were answered in one second of the measured time. The last second may be
// shorter.
struct SeriesEntry {
  double seconds = 1;
  std::uint64_t completed = 0;  // Succeeded.
  std::uint64_t conflicts = 0;
  std::uint64_t failures = 0;
  LatencyHistogram::Nanoseconds p50{0};
  LatencyHistogram::Nanoseconds p99{0};

  bool operator==(const SeriesEntry&) const = default;
};

// The resources that the processes of one side used during the measured time.
struct Usage {
  bool is_known = false;  // False for a chaincode that was already connected.
  std::uint32_t processes = 0;
  double cores = 0;                  // Processor seconds of all threads per second.
  std::uint64_t resident_bytes = 0;  // At the end, of all processes together.
  // The share of a core that the busiest of this side's threads used; 0 if it is not known.
  double busiest_thread = 0;
  std::string busiest_thread_name;  // Its name in /proc: ZMQbg/IO/0 belongs to libzmq.

  bool operator==(const Usage&) const = default;
};

// The blocks that all channels committed during the measured time.
struct Blocks {
  std::uint64_t blocks = 0;
  std::uint64_t transactions = 0;
  std::chrono::microseconds commit_time{0};  // Validation, write and sync together.

  bool operator==(const Blocks&) const = default;
};

// How well the generator kept to the schedule of an open loop.
struct Schedule {
  std::uint64_t intended = 0;  // Arrivals within the measured time; 0 in a closed loop.
  std::uint64_t unsent = 0;    // Those of them that were never sent, for lack of room or time.
  LatencyHistogram::Nanoseconds lag_p50{0};  // From the intended arrival to the send.
  LatencyHistogram::Nanoseconds lag_p99{0};
  LatencyHistogram::Nanoseconds lag_max{0};

  bool operator==(const Schedule&) const = default;
};

// The complete result of one run, with the plan that it followed.
struct LoadResult {
  std::string version;  // Of the service.
  std::string durability;
  std::int64_t started_unix_ms = 0;
  std::uint32_t cores = 0;  // Of the machine that generates the load.

  WorkloadPlan plan;
  bool was_interrupted = false;  // Ended early; everything below covers the time until then.

  double measured_seconds = 0;
  std::vector<SeriesEntry> series;
  // Operations that were sent, and those that ended, within the measured time. These are not the
  // same operations, so only `totals` add up.
  Totals measured;
  Totals totals;  // From the first request to the last response, including the warm-up.

  // Of the operations that were to begin in the measured time and succeeded or met a conflict,
  // whenever they were answered. In an open loop it counts from the intended arrival, so a stall
  // also counts for every request that should have begun during it.
  LatencyHistogram latency;
  LatencyHistogram invoke_latency;  // In kMixed, the two kinds separately.
  LatencyHistogram query_latency;
  LatencyHistogram chaincode_round_trips;  // As the dealers measure them, in every mode.

  Schedule schedule;
  Blocks blocks;
  std::uint64_t bytes_sent = 0;  // During the measured time, by clients and dealers together.
  std::uint64_t bytes_received = 0;
  double setup_seconds = 0;  // Until every dealer was ready and every key was written.
  double drain_seconds = 0;  // From the end of the measured time to the last response.

  Usage service;
  Usage chaincode;
  Usage generator;
  Trend trend;
  bool service_is_local = true;  // Whether it runs on the machine that generates the load.
  double other_cores = 0;        // Used by all other processes of that machine.
  double stolen_share = 0;       // Share of its processor time that the hypervisor gave away.

  std::map<std::string, std::string> failure_examples;  // The first message of each kind.
  std::vector<std::string> findings;                    // Sentences on what bounded the run.
  std::vector<std::string> discrepancies;  // Counts that do not add up; empty if all do.

  [[nodiscard]] double throughput() const {
    return measured_seconds > 0 ? static_cast<double>(measured.succeeded) / measured_seconds : 0;
  }

  bool operator==(const LoadResult&) const = default;
};

}  // namespace ccbus::load
