#pragma once

#include <string>
#include <vector>

#include "service/load/result/latency_histogram.h"

namespace ccbus::cli {

// One row of a table of latencies: the name, p50, p90, p99, p99.9, the longest, and how many.
[[nodiscard]] std::vector<std::string> latency_row(const std::string& name,
                                                   const load::LatencyHistogram& latency);

}  // namespace ccbus::cli
