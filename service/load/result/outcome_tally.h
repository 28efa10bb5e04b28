#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/clock.h"
#include "service/base/result.h"
#include "service/load/result/latency_histogram.h"
#include "service/load/result/load_result.h"

namespace ccbus::load {

// How one operation ended.
enum class Outcome {
  kSucceeded,
  kMvccConflict,
  kPhantomConflict,
  kAbortedByChurn,
  kFailed,
};

// The measured time of a run: from `from` up to and without `until`.
struct Window {
  SteadyTime from;
  SteadyTime until;

  [[nodiscard]] bool contains(SteadyTime time) const { return from <= time && time < until; }
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(until - from).count();
  }
};

// Counts the outcomes of a run's operations: in total, and second by second within the measured
// time. The latency of an operation is recorded if it was to begin in the measured time, whenever
// it ended, so that the slowest operations are not lost.
class OutcomeTally {
 public:
  explicit OutcomeTally(Window window);

  // Ends the measured time early. No operation may have been counted at or after `until`.
  void shorten(SteadyTime until);
  [[nodiscard]] const Window& window() const { return window_; }

  void sent(SteadyTime now);

  // `kind` names a failure and is empty for other outcomes. Must be called in the order in which
  // the operations ended.
  void ended(SteadyTime intended, SteadyTime now, Outcome outcome, std::string_view kind);

  // All operations, inside the window or not; those that have not ended count as unanswered.
  [[nodiscard]] Totals totals() const;
  // Operations that were sent, and those that ended, within the window. These are not the same
  // operations, so the numbers do not add up.
  [[nodiscard]] const Totals& measured() const { return measured_; }
  [[nodiscard]] const LatencyHistogram& latency() const { return latency_; }

  // Every second of the window, including those without an operation.
  [[nodiscard]] std::vector<SeriesEntry> series() const;

  // Adds the counts of another process, which must be of the same window (asserted).
  void add(const OutcomeTally& other);

  // The whole tally, to be sent to another process and read there. Errors: kInvalid.
  [[nodiscard]] nlohmann::ordered_json to_json() const;
  [[nodiscard]] static Result<OutcomeTally> from_json(const nlohmann::json& json);

  // Operations that were sent and have not ended.
  [[nodiscard]] std::uint64_t open() const { return all_.sent - all_.answered(); }

 private:
  // The operations of one second. Only the non-empty buckets of its histogram are kept, so that a
  // long run does not need much memory.
  struct Second {
    std::uint64_t completed = 0;
    std::uint64_t conflicts = 0;
    std::uint64_t failures = 0;
    LatencyHistogram::Counts latency;
  };

  static void count(Totals& totals, Outcome outcome, std::string_view kind);
  // Makes `second` the current one; if it is another, stores the histogram of the current one
  // first.
  void select_second(std::size_t second);
  [[nodiscard]] LatencyHistogram latency_of(std::size_t second) const;

  Window window_;
  Totals all_;
  Totals measured_;
  LatencyHistogram latency_;
  std::vector<Second> seconds_;

  std::size_t second_ = 0;  // The current second, and its histogram.
  LatencyHistogram of_second_;
};

}  // namespace ccbus::load
