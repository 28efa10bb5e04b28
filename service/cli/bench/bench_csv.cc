#include "service/cli/bench/bench_csv.h"

#include <chrono>
#include <vector>

#include "service/cli/terminal/figures.h"

namespace ccbus::cli {
namespace {

using load::LoadResult;
using load::Usage;
using Fields = std::vector<std::string>;

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string text = "\"";
  for (const char letter : field) text += letter == '"' ? "\"\"" : std::string(1, letter);
  return text + "\"";
}

void add_row(const Fields& fields, std::string& csv) {
  for (std::size_t i = 0; i < fields.size(); ++i) csv += (i == 0 ? "" : ",") + quoted(fields[i]);
  csv += "\n";
}

std::string per_second_cell(std::uint64_t count, double seconds) {
  return decimal(seconds > 0 ? static_cast<double>(count) / seconds : 0, 3);
}

std::string microseconds_cell(std::chrono::nanoseconds time) {
  return time.count() == 0 ? "" : decimal(static_cast<double>(time.count()) / 1e3, 3);
}

std::string cores(const Usage& usage) {
  return usage.is_known ? decimal(usage.cores, 3) : "";
}

}  // namespace

std::string bench_csv(const load::ScenarioResult& scenario) {
  std::string csv;
  add_row(
      {"phase", "second", "seconds", "succeeded", "conflicts", "failures", "per_second", "p50_us",
       "p99_us", "max_us", "sent", "service_cores", "chaincode_cores", "generator_cores"},
      csv);
  for (const auto& [name, result] : scenario.phases) {
    for (std::size_t i = 0; i < result.series.size(); ++i) {
      const load::SeriesEntry& entry = result.series[i];
      add_row({name, std::to_string(i), decimal(entry.seconds, 3), std::to_string(entry.completed),
               std::to_string(entry.conflicts), std::to_string(entry.failures),
               per_second_cell(entry.completed, entry.seconds), microseconds_cell(entry.p50),
               microseconds_cell(entry.p99), "", "", "", "", ""},
              csv);
    }
    add_row({name, "total", decimal(result.measured_seconds, 3),
             std::to_string(result.measured.succeeded), std::to_string(result.measured.conflicts()),
             std::to_string(result.measured.failed()),
             per_second_cell(result.measured.succeeded, result.measured_seconds),
             microseconds_cell(result.latency.quantile(0.5)),
             microseconds_cell(result.latency.quantile(0.99)),
             microseconds_cell(result.latency.max()), std::to_string(result.measured.sent),
             cores(result.service), cores(result.chaincode), cores(result.generator)},
            csv);
  }
  return csv;
}

}  // namespace ccbus::cli
