#pragma once

#include <string>
#include <vector>

namespace ccbus::load {

struct SeriesEntry;

// How the end of the measured time compares with its beginning: the operations a second of the
// first and of the last quarter, and how busy the service was in each.
struct Trend {
  struct Thread {
    std::string name;  // Its name in /proc.
    double first = 0;  // The share of a core that it used in the first quarter.
    double last = 0;

    bool operator==(const Thread&) const = default;
  };

  double seconds = 0;  // Of each quarter; 0: the run was too short to compare.
  double first_per_second = 0;
  double last_per_second = 0;
  // The service's busiest threads of the last quarter, the busiest first. Empty unless the service
  // was started for the run.
  std::vector<Thread> busiest = {};

  bool operator==(const Trend&) const = default;
};

// Compares the operations that were answered, without the usage. Pure.
[[nodiscard]] Trend trend_of(const std::vector<SeriesEntry>& series);

}  // namespace ccbus::load
