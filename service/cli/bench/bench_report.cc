#include "service/cli/bench/bench_report.h"

#include <vector>

#include "service/cli/bench/latency_row.h"
#include "service/cli/terminal/figures.h"
#include "service/cli/terminal/progress_line.h"
#include "service/cli/terminal/table.h"

namespace ccbus::cli {
namespace {

using load::LatencyHistogram;
using load::LoadResult;
using load::Mode;
using load::Usage;

std::string kind_of_dealers(const load::WorkloadPlan& plan) {
  return plan.uses_sdk() ? "on the C++ SDK, " : "without an SDK, ";
}

std::string headline(const LoadResult& result) {
  const load::WorkloadPlan& plan = result.plan;
  std::string text = "bench " + std::string(to_string(plan.mode)) + ", ccbusd " + result.version +
                     ", durability " + result.durability + ": ";
  if (plan.mode != Mode::kConnect) {
    if (plan.is_built_in()) text += grouped(plan.dealers) + " dealers " + kind_of_dealers(plan);
    text += grouped(plan.clients) + " clients, ";
  }
  text += grouped(plan.in_flight_total()) + " in flight, ";
  text += plan.is_open_loop() ? "open loop at " + decimal(plan.rate, 1) + "/s" : "closed loop";
  text += ", " + decimal(result.measured_seconds, 1) + " s";
  if (result.was_interrupted) text += " (interrupted)";
  return text + "\n";
}

std::string rate_lines(const LoadResult& result) {
  const double seconds = result.measured_seconds > 0 ? result.measured_seconds : 1;
  std::string text;
  if (result.plan.is_open_loop()) {
    text += "asked         " + rounded(static_cast<double>(result.schedule.intended) / seconds) +
            "/s arrived, " + rounded(static_cast<double>(result.measured.answered()) / seconds) +
            "/s answered, " + grouped(result.schedule.unsent) + " never sent; sent after " +
            short_duration(result.schedule.lag_p50) + " (p50), " +
            short_duration(result.schedule.lag_p99) + " (p99)\n";
  }
  text += "throughput    " + rounded(result.throughput()) + " " + operations(result.plan.mode) +
          " each second";
  if (result.plan.mode == Mode::kInvoke || result.plan.mode == Mode::kMixed) {
    text += ", " + rounded(static_cast<double>(result.measured.conflicts()) / seconds) +
            " conflicts each second";
  }
  return text + "\n";
}

std::string latency_table(const LoadResult& result) {
  std::vector<Row> rows = {{"LATENCY", "P50", "P90", "P99", "P99.9", "MAX", "COUNT"}};
  rows.push_back(latency_row(operations(result.plan.mode), result.latency));
  if (!result.invoke_latency.empty()) {
    rows.push_back(latency_row("of them invokes", result.invoke_latency));
  }
  if (!result.query_latency.empty()) {
    rows.push_back(latency_row("of them queries", result.query_latency));
  }
  if (result.plan.mode != Mode::kHandler && !result.chaincode_round_trips.empty()) {
    rows.push_back(latency_row("messages of the chaincode", result.chaincode_round_trips));
  }
  return format_table(rows);
}

std::string busiest(const Usage& usage) {
  if (usage.busiest_thread <= 0) return "-";
  return percent(usage.busiest_thread) + " (" + usage.busiest_thread_name + ")";
}

std::string usage_table(const LoadResult& result) {
  std::vector<Row> rows = {{"SIDE", "PROCESSES", "CORES", "BUSIEST THREAD", "MEMORY"}};
  const auto add = [&rows](const std::string& name, const Usage& usage) {
    if (!usage.is_known) return;
    rows.push_back({name, std::to_string(usage.processes), decimal(usage.cores, 2), busiest(usage),
                    byte_count(static_cast<double>(usage.resident_bytes))});
  };
  add("service", result.service);
  add("chaincode", result.chaincode);
  add("load generator", result.generator);
  return format_table(rows);
}

std::string block_line(const LoadResult& result) {
  const load::Blocks& blocks = result.blocks;
  if (blocks.blocks == 0) return "";
  const auto count = static_cast<double>(blocks.blocks);
  return "blocks        " + grouped(blocks.blocks) + ", " +
         decimal(static_cast<double>(blocks.transactions) / count, 1) + " transactions each, " +
         decimal(static_cast<double>(blocks.commit_time.count()) / count / 1e3, 2) +
         " ms to validate, write and sync\n";
}

std::string totals_lines(const LoadResult& result) {
  const load::Totals& totals = result.totals;
  const bool orders = result.plan.mode == Mode::kInvoke || result.plan.mode == Mode::kMixed;
  std::string text = "all           " + grouped(totals.sent) +
                     " sent = " + grouped(totals.succeeded) +
                     (orders ? " committed or answered" : " answered");
  if (orders) {
    text += " + " + grouped(totals.mvcc_conflicts) + " MVCC conflicts + " +
            grouped(totals.phantom_conflicts) + " phantom conflicts";
  }
  if (totals.aborted_by_churn != 0) {
    text += " + " + grouped(totals.aborted_by_churn) + " aborted by churn";
  }
  text += " + " + grouped(totals.failed()) + " failures + " + grouped(totals.unanswered) +
          " unanswered\n";
  for (const auto& [kind, count] : totals.failures) {
    text += "  " + kind + " " + grouped(count);
    const auto example = result.failure_examples.find(kind);
    if (example != result.failure_examples.end()) text += ": " + example->second;
    text += "\n";
  }
  return text;
}

std::string phase_name(load::Phase phase) {
  switch (phase) {
    case load::Phase::kStarting: return "starting";
    case load::Phase::kRegistering: return "dealers registered";
    case load::Phase::kLoading: return "writing keys";
    case load::Phase::kWarmingUp: return "warming up";
    case load::Phase::kMeasuring: return "measuring";
    case load::Phase::kDraining: return "last answers";
  }
  return "";
}

}  // namespace

std::string operations(Mode mode) {
  switch (mode) {
    case Mode::kInvoke: return "invokes";
    case Mode::kQuery: return "queries";
    case Mode::kHandler: return "round trips of GET_STATE";
    case Mode::kConnect: return "registrations";
    case Mode::kMixed: return "operations";
  }
  return "";
}

std::string format_bench(const LoadResult& result) {
  std::string text = headline(result) + "\n" + rate_lines(result) + block_line(result);
  text += "bytes         " + byte_count(static_cast<double>(result.bytes_sent)) + " sent, " +
          byte_count(static_cast<double>(result.bytes_received)) + " received\n";
  text += totals_lines(result) + "\n" + latency_table(result) + "\n" + usage_table(result) + "\n";
  for (const std::string& finding : result.findings) text += finding + "\n";
  for (const std::string& wrong : result.discrepancies) text += "DOES NOT ADD UP: " + wrong + "\n";
  return text;
}

std::string format_bench_progress(const load::Progress& progress) {
  std::string text = progress_bar(progress.done, progress.total) + " " + phase_name(progress.phase);
  if (progress.phase == load::Phase::kRegistering) {
    text += " " + grouped(progress.done) + " of " + grouped(progress.total);
  }
  if (progress.phase != load::Phase::kMeasuring) return text;
  text += "  " + rounded(progress.per_second) + "/s";
  if (progress.p99.count() != 0) {
    text += "  p50 " + short_duration(progress.p50) + "  p99 " + short_duration(progress.p99);
  }
  if (progress.conflicts != 0) text += "  conflicts " + grouped(progress.conflicts);
  if (progress.failures != 0) text += "  failures " + grouped(progress.failures);
  return text;
}

std::string format_bench(const load::ScenarioResult& scenario) {
  if (scenario.is_alone()) return format_bench(scenario.phases.front().result);
  std::string text;
  std::vector<Row> rows = {
      {"PHASE", "MODE", "ASKED", "EACH SECOND", "P50", "P99", "CONFLICTS", "FAILURES", "SERVICE"}};
  for (const load::PhaseResult& phase : scenario.phases) {
    const LoadResult& result = phase.result;
    text += "== " + phase.name + "\n" + format_bench(result) + "\n";
    rows.push_back({phase.name, std::string(to_string(result.plan.mode)),
                    result.plan.is_open_loop() ? decimal(result.plan.rate, 0) : "-",
                    rounded(result.throughput()), short_duration(result.latency.quantile(0.5)),
                    short_duration(result.latency.quantile(0.99)),
                    grouped(result.totals.conflicts()), grouped(result.totals.failed()),
                    result.service.is_known ? decimal(result.service.cores, 2) + " cores" : "-"});
  }
  return text + "== " + scenario.name + ": " + scenario.shows + "\n" + format_table(rows);
}

ExitCode bench_exit_code(const load::ScenarioResult& result) {
  return is_clean(result) ? kSuccess : kRefused;
}

}  // namespace ccbus::cli
