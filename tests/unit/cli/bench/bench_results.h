#pragma once

#include <chrono>
#include <string>

#include "service/load/result/scenario_result.h"

namespace ccbus::test {

// A run of two and a half seconds, with 1,000 operations per second.
inline load::LoadResult three_seconds() {
  using namespace std::chrono_literals;
  load::LoadResult result;
  result.version = "0.1.0";
  result.durability = "synced";
  result.started_unix_ms = 1'700'000'000'000;
  result.cores = 2;
  result.measured_seconds = 2.5;
  result.series = {
      {1, 1'000, 10, 0, 900us, 4ms}, {1, 900, 0, 0, 950us, 5ms}, {0.5, 600, 0, 0, 1ms, 6ms}};
  result.measured = {2'520, 2'500, 10, 0, 0, {}, 0};
  result.totals = {3'010, 3'000, 10, 0, 0, {}, 0};
  result.latency.record(900us, 2'400);
  result.latency.record(4ms, 109);
  result.latency.record(60ms, 1);
  result.blocks = {100, 2'510, 200ms};
  result.service = {true, 1, 1.0, 70'000'000, 0.875, "ccbus-bus"};
  result.generator = {true, 1, 0.5, 12'000'000, 0.45, "ccbus"};
  result.findings = {"Nothing was full."};
  return result;
}

inline load::ScenarioResult alone(load::LoadResult result) {
  const std::string name(to_string(result.plan.mode));
  return {"", "", {{name, std::move(result)}}};
}

}  // namespace ccbus::test
