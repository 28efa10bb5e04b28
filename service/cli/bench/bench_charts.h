#pragma once

#include <string>

#include "service/load/result/scenario_result.h"

namespace ccbus::cli {

// The charts of a result, as SVG elements. The phases of a scenario follow one another on one axis
// of time: their measured seconds, without what lies between. A run of more than 600 seconds is
// shown by equal groups of them.

// What succeeded in each second, and what met conflicts or failed, where anything did.
[[nodiscard]] std::string throughput_chart(const load::ScenarioResult& result);

// The p50 and p99 of each second; of a group the middle one and the highest one. The scale is
// logarithmic where the highest is more than 50 times the lowest.
[[nodiscard]] std::string latency_chart(const load::ScenarioResult& result);

[[nodiscard]] std::string histogram_chart(const load::LatencyHistogram& latency);

}  // namespace ccbus::cli
