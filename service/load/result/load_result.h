#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "service/load/plan/workload_plan.h"
#include "service/load/result/latency_histogram.h"

namespace ccbus::load {

// How operations ended. They add up: whatever was sent is in exactly one of the others.
struct Totals {
  std::uint64_t sent = 0;
  std::uint64_t succeeded = 0;  // Committed as valid; or answered, where nothing is ordered.
  std::uint64_t mvcc_conflicts = 0;
  std::uint64_t phantom_conflicts = 0;
  std::uint64_t aborted_by_churn = 0;  // Their dealer left in the middle, as --churn asks for.
  std::map<std::string, std::uint64_t> failures;  // By kind: a status code, a validation code.
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

// One second of the measured time, by when operations were answered. The last may be shorter.
struct SeriesEntry {
  double seconds = 1;
  std::uint64_t completed = 0;  // Succeeded.
  std::uint64_t conflicts = 0;
  std::uint64_t failures = 0;
  LatencyHistogram::Nanoseconds p50{0};
  LatencyHistogram::Nanoseconds p99{0};

  bool operator==(const SeriesEntry&) const = default;
};

// What one side used while it was measured.
struct Usage {
  bool is_known = false;  // A chaincode that was connected already does not tell.
  std::uint32_t processes = 0;
  double cores = 0;                  // Processor seconds of all threads for each second.
  std::uint64_t resident_bytes = 0;  // At the end, all processes together.
  // Of the busiest thread that drives the load on this side, 0 to 1; the service does not tell.
  double busiest_thread = 0;
  std::string busiest_thread_name;  // As the system knows it: ZMQbg/IO/0 is libzmq's.

  bool operator==(const Usage&) const = default;
};

// The blocks that were made while measuring, of all channels.
struct Blocks {
  std::uint64_t blocks = 0;
  std::uint64_t transactions = 0;
  std::chrono::microseconds commit_time{0};  // Validation, write and sync together.

  bool operator==(const Blocks&) const = default;
};

// How well the generator kept to its own clock.
struct Schedule {
  std::uint64_t intended = 0;  // Arrivals that fell into the measured time; 0 in a closed loop.
  std::uint64_t unsent = 0;    // Of them, those that were never sent: no room, or no time.
  LatencyHistogram::Nanoseconds lag_p50{0};  // From the intended arrival to the send.
  LatencyHistogram::Nanoseconds lag_p99{0};
  LatencyHistogram::Nanoseconds lag_max{0};

  bool operator==(const Schedule&) const = default;
};

// One run, whole: what was asked for, and what came of it.
struct LoadResult {
  std::string version;  // Of the service.
  std::string durability;
  std::int64_t started_unix_ms = 0;
  std::uint32_t cores = 0;  // Of the machine that generates the load.

  WorkloadPlan plan;
  bool was_interrupted = false;  // Ended early; everything below is about the time until then.

  double measured_seconds = 0;
  std::vector<SeriesEntry> series;
  // Sent, and ended, within the measured time. Those are not the same operations, so that only
  // `totals` add up.
  Totals measured;
  Totals totals;  // From the first request to the last answer, the warm-up in it.

  // Of the operations that were to begin in the measured time and succeeded or met a conflict,
  // whenever they were answered. In an open loop from the intended arrival, so that a stall counts
  // for everyone who would have come meanwhile.
  LatencyHistogram latency;
  LatencyHistogram invoke_latency;  // kMixed: its two parts.
  LatencyHistogram query_latency;
  LatencyHistogram chaincode_round_trips;  // As the dealers see them, whatever the mode.

  Schedule schedule;
  Blocks blocks;
  std::uint64_t bytes_sent = 0;  // Of the measured frames, by clients and dealers together.
  std::uint64_t bytes_received = 0;
  double setup_seconds = 0;  // Until every dealer was ready and every key written.
  double drain_seconds = 0;  // From the end of the measured time to the last answer.

  Usage service;
  Usage chaincode;
  Usage generator;
  bool service_is_local = true;  // On the machine that generates the load.
  double other_cores = 0;        // What everything else on that machine used meanwhile.
  double stolen_share = 0;       // Of its processor time, given to other machines.

  std::map<std::string, std::string> failure_examples;  // The first message of each kind.
  std::vector<std::string> findings;                    // Sentences on what bounds the run.
  std::vector<std::string> discrepancies;               // Counts that do not add up. Empty: all do.

  [[nodiscard]] double throughput() const {
    return measured_seconds > 0 ? static_cast<double>(measured.succeeded) / measured_seconds : 0;
  }

  bool operator==(const LoadResult&) const = default;
};

}  // namespace ccbus::load
