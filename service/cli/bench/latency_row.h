#pragma once

#include <string>
#include <vector>

#include "service/load/result/latency_histogram.h"

namespace ccbus::cli {

// Returns one row of a table of latencies: the name, p50, p90, p99, p99.9, maximum and count.
[[nodiscard]] std::vector<std::string> latency_row(const std::string& name,
                                                   const load::LatencyHistogram& latency);

}  // namespace ccbus::cli
