#pragma once

#include <nlohmann/json_fwd.hpp>

#include "service/base/result.h"
#include "service/load/result/load_result.h"

namespace ccbus::load {

// A histogram is written with its quantiles, for people, and its counts, for programs:
//   {"count":3,"min_us":…,"mean_us":…,"p50_us":…,"p90_us":…,"p99_us":…,"p999_us":…,"max_us":…,
//    "sum_ns":…,"min_ns":…,"max_ns":…,"counts":[[bucket,count],…]}
[[nodiscard]] nlohmann::ordered_json to_json(const LatencyHistogram& histogram);
[[nodiscard]] nlohmann::ordered_json to_json(const Totals& totals);
[[nodiscard]] nlohmann::ordered_json to_json(const WorkloadPlan& plan);
[[nodiscard]] nlohmann::ordered_json to_json(const LoadResult& result);

// Reads what to_json() writes: from_json(to_json(x)) == x. Derived figures (quantiles, throughput)
// are ignored.
//
// Errors: kInvalid, naming what is missing or of the wrong kind.
[[nodiscard]] Result<LatencyHistogram> histogram_from_json(const nlohmann::json& json);
[[nodiscard]] Result<Totals> totals_from_json(const nlohmann::json& json);
[[nodiscard]] Result<WorkloadPlan> plan_from_json(const nlohmann::json& json);
[[nodiscard]] Result<LoadResult> result_from_json(const nlohmann::json& json);

}  // namespace ccbus::load
