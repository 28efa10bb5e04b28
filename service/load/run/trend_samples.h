#pragma once

#include <sys/types.h>

#include <utility>
#include <vector>

#include "service/base/clock.h"
#include "service/load/result/trend.h"
#include "service/load/run/process_sample.h"

namespace ccbus::load {

// Samples the service's process each second of the measured time, so that the end of a run can be
// compared with its beginning, whenever it ends.
class TrendSamples {
 public:
  // `pids` is empty for a service that is not known as a process: then nothing is sampled.
  explicit TrendSamples(std::vector<pid_t> pids) : pids_(std::move(pids)) {}

  // When the next sample is due: SteadyTime::max() if none will be.
  [[nodiscard]] SteadyTime next() const { return next_; }
  // Begins with the measured time, or takes the sample that is due.
  void take(SteadyTime now);

  // Fills in the busiest threads of a trend over the time that was sampled.
  void add_busiest(Trend& trend) const;

 private:
  const std::vector<pid_t> pids_;
  SteadyTime next_ = SteadyTime::max();
  std::vector<ProcessSample> samples_;
};

}  // namespace ccbus::load
