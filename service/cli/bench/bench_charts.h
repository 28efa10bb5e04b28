#pragma once

#include <string>

#include "service/load/result/scenario_result.h"

namespace ccbus::cli {

// The charts of a result, as SVG elements. The time axis shows the measured seconds of all phases
// one after the other, without the gaps between them. If there are more than 600 seconds, equal
// groups of seconds are shown.

// The operations that succeeded in each second, and those with conflicts and failures if there were
// any.
[[nodiscard]] std::string throughput_chart(const load::ScenarioResult& result);

// The p50 and p99 of each second; of a group of seconds, the median p50 and the highest p99. The
// scale is logarithmic if the highest value is more than 50 times the lowest.
[[nodiscard]] std::string latency_chart(const load::ScenarioResult& result);

[[nodiscard]] std::string histogram_chart(const load::LatencyHistogram& latency);

}  // namespace ccbus::cli
