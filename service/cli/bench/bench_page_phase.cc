#include "service/cli/bench/bench_page_phase.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "service/cli/bench/bench_charts.h"
#include "service/cli/bench/bench_report.h"
#include "service/cli/bench/html.h"
#include "service/cli/bench/latency_row.h"
#include "service/cli/terminal/figures.h"
#include "service/load/plan/plan_options.h"

namespace ccbus::cli {
namespace {

using load::LatencyHistogram;
using load::LoadResult;
using load::Mode;
using load::Usage;

std::string dot(const std::string& style) {
  return "<i class=\"dot " + style + "\"></i>";
}

std::string latencies(const LoadResult& result) {
  std::vector<HtmlRow> rows = {latency_row(operations(result.plan.mode), result.latency)};
  const auto add = [&rows](const char* name, const LatencyHistogram& latency) {
    if (!latency.empty()) rows.push_back(latency_row(name, latency));
  };
  add("of them invokes", result.invoke_latency);
  add("of them queries", result.query_latency);
  if (result.plan.mode != Mode::kHandler) {
    add("messages of the chaincode", result.chaincode_round_trips);
  }
  return section("How long they took",
                 histogram_chart(result.latency) +
                     html_table({"", "p50", "p90", "p99", "p99.9", "max", "count"}, rows));
}

std::string busy(const LoadResult& result) {
  struct Side {
    const char* name;
    const char* style;
    const Usage& usage;
  };
  std::vector<HtmlShare> shares;
  std::vector<HtmlRow> rows;
  for (const Side& side :
       {Side{"service", "good", result.service}, Side{"chaincode", "fine", result.chaincode},
        Side{"load generator", "warn", result.generator}}) {
    const Usage& usage = side.usage;
    if (!usage.is_known) continue;
    const bool is_elsewhere = &usage == &result.service && !result.service_is_local;
    if (!is_elsewhere) shares.push_back({side.style, usage.cores});
    rows.push_back({dot(side.style) + side.name + (is_elsewhere ? ", elsewhere" : ""),
                    decimal(usage.cores, 2),
                    usage.busiest_thread <= 0
                        ? "-"
                        : percent(usage.busiest_thread) + " " + escaped(usage.busiest_thread_name),
                    byte_count(static_cast<double>(usage.resident_bytes))});
  }
  shares.push_back({"soft", result.other_cores});
  rows.push_back({dot("soft") + "everything else", decimal(result.other_cores, 2), "-", "-"});
  std::string html =
      share_bar(shares, result.cores) + html_table({"", "cores", "busiest thread", "memory"}, rows);
  if (result.stolen_share > 0.0005) {
    html += element(
        "p", "note",
        "Other machines took " + percent(result.stolen_share) + " of this one's processor time.");
  }
  return section("Who was busy, of " + std::to_string(result.cores) + " cores", html);
}

std::string totals(const LoadResult& result) {
  const load::Totals& all = result.totals;
  std::vector<HtmlShare> shares;
  std::vector<HtmlRow> rows;
  const auto add = [&](const char* name, const char* style, std::uint64_t count) {
    if (count == 0 && rows.size() > 1) return;
    shares.push_back({style, static_cast<double>(count)});
    rows.push_back({dot(style) + name, grouped(count)});
  };
  rows.push_back({"sent", grouped(all.sent)});
  add("succeeded", "fine", all.succeeded);
  add("MVCC conflicts", "warn", all.mvcc_conflicts);
  add("phantom conflicts", "warn", all.phantom_conflicts);
  add("aborted by churn", "soft", all.aborted_by_churn);
  for (const auto& [kind, count] : all.failures) {
    const auto example = result.failure_examples.find(kind);
    shares.push_back({"bad", static_cast<double>(count)});
    rows.push_back({dot("bad") + escaped(kind), grouped(count)});
    if (example != result.failure_examples.end()) {
      rows.push_back({element("code", "", escaped(example->second)), ""});
    }
  }
  add("unanswered", "bad", all.unanswered);
  if (result.blocks.blocks != 0) {
    const auto blocks = static_cast<double>(result.blocks.blocks);
    rows.push_back({"blocks while measuring", grouped(result.blocks.blocks)});
    rows.push_back({"transactions in each",
                    decimal(static_cast<double>(result.blocks.transactions) / blocks, 1)});
    rows.push_back({"to validate, write and sync one",
                    short_duration(result.blocks.commit_time / result.blocks.blocks)});
  }
  rows.push_back(
      {"bytes sent, and received", byte_count(static_cast<double>(result.bytes_sent)) + ", " +
                                       byte_count(static_cast<double>(result.bytes_received))});
  return section("All of them",
                 share_bar(shares, static_cast<double>(all.sent)) + html_table({}, rows));
}

std::string plan(const LoadResult& result) {
  const load::WorkloadPlan standing;
  const auto item = [](const std::string& name, const std::string& value, const char* tag) {
    return element("div", "", element("span", "", name) + element(tag, "", escaped(value)));
  };
  std::string items = item("mode", std::string(to_string(result.plan.mode)), "b");
  for (const load::PlanOption& option : load::plan_options()) {
    if (!option.applies_in(result.plan.mode)) continue;
    const std::string value = option_text(option, result.plan);
    const bool is_asked_for = value != option_text(option, standing);
    items += item(std::string(option.name), value, is_asked_for ? "b" : "i");
  }
  const std::string again = element("code", "", escaped(bench_command_line(result.plan)));
  return section("The plan", element("div", "plan", items) + element("p", "note", again));
}

std::string shell_quoted(const std::string& word) {
  constexpr const char* kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char letter : word) {
    quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  }
  return quoted + "'";
}

}  // namespace

std::string verdict(const LoadResult& result) {
  std::string inner;
  for (const std::string& wrong : result.discrepancies) {
    inner += element("p", "wrong", escaped("Does not add up: " + wrong));
  }
  for (const std::string& finding : result.findings) inner += element("p", "", escaped(finding));
  if (inner.empty()) return "";
  return element("div", result.discrepancies.empty() ? "verdict" : "verdict wrong", inner);
}

std::string phase_sections(const LoadResult& result) {
  return latencies(result) + element("div", "pair", busy(result) + totals(result)) + plan(result);
}

std::string bench_command_line(const load::WorkloadPlan& plan) {
  const load::WorkloadPlan standing;
  std::string line = "ccbus bench " + std::string(to_string(plan.mode));
  for (const load::PlanOption& option : load::plan_options()) {
    const std::string value = option_text(option, plan);
    if (!option.applies_in(plan.mode) || value == option_text(option, standing)) continue;
    const std::string flags(option.flags);
    line += " " + (flags.empty() ? "--" + std::string(option.name) : flags.substr(0, 2)) + " " +
            shell_quoted(value);
  }
  if (!plan.is_built_in()) {
    using nlohmann::json;
    const json input = {{"Args", plan.arguments}};
    line += " -c " + shell_quoted(input.dump(-1, ' ', false, json::error_handler_t::replace));
  }
  return line;
}

}  // namespace ccbus::cli
