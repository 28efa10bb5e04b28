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

// Counts what comes of a run's operations: over all, and within the measured time second by second.
// An operation's latency counts where it was to begin in the measured time, whenever it ended, so
// that the slowest are not lost at its end.
class OutcomeTally {
 public:
  explicit OutcomeTally(Window window);

  // Ends the measured time early; no operation has been counted at or after `until`.
  void shorten(SteadyTime until);
  [[nodiscard]] const Window& window() const { return window_; }

  void sent(SteadyTime now);

  // `kind` names a failure, and is empty for anything else. Operations are told in the order in
  // which they ended.
  void ended(SteadyTime intended, SteadyTime now, Outcome outcome, std::string_view kind);

  // From the first to the last, whatever the window; what has not ended is unanswered.
  [[nodiscard]] Totals totals() const;
  // Sent, and ended, within it; those are not the same operations, so that nothing adds up here.
  [[nodiscard]] const Totals& measured() const { return measured_; }
  [[nodiscard]] const LatencyHistogram& latency() const { return latency_; }

  // The seconds of the window, those without any operation too.
  [[nodiscard]] std::vector<SeriesEntry> series() const;

  // What another process has counted in the same window (asserted).
  void add(const OutcomeTally& other);

  // All of it for another process, and back. Errors: kInvalid.
  [[nodiscard]] nlohmann::ordered_json to_json() const;
  [[nodiscard]] static Result<OutcomeTally> from_json(const nlohmann::json& json);

  // Under way.
  [[nodiscard]] std::uint64_t open() const { return all_.sent - all_.answered(); }

 private:
  // One second's operations. Of its histogram only the buckets that hold something, so that a long
  // run does not need much memory.
  struct Second {
    std::uint64_t completed = 0;
    std::uint64_t conflicts = 0;
    std::uint64_t failures = 0;
    LatencyHistogram::Counts latency;
  };

  static void count(Totals& totals, Outcome outcome, std::string_view kind);
  // Puts away the histogram of the second under way, if `second` is another one.
  void go_on_to(std::size_t second);
  [[nodiscard]] LatencyHistogram latency_of(std::size_t second) const;

  Window window_;
  Totals all_;
  Totals measured_;
  LatencyHistogram latency_;
  std::vector<Second> seconds_;

  std::size_t second_ = 0;  // Under way, with its histogram.
  LatencyHistogram of_second_;
};

}  // namespace ccbus::load
