#include "service/cli/bench/bench_page.h"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>

#include "service/cli/bench/bench_charts.h"
#include "service/cli/bench/bench_page_phase.h"
#include "service/cli/bench/bench_page_style.h"
#include "service/cli/bench/bench_report.h"
#include "service/cli/bench/html.h"
#include "service/cli/terminal/figures.h"

namespace ccbus::cli {
namespace {

using load::LoadResult;
using load::PhaseResult;
using load::ScenarioResult;

std::string utc(std::int64_t unix_ms) {
  const std::time_t seconds = unix_ms / 1'000;
  std::tm time{};
  gmtime_r(&seconds, &time);
  char text[64];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &time);
  return text;
}

std::string title_of(const ScenarioResult& result) {
  return result.is_alone() ? "ccbus bench " + result.phases.front().name : result.name;
}

std::string header(const ScenarioResult& result) {
  const LoadResult& first = result.phases.front().result;
  std::string html = "<header>\n" + element("h1", "", escaped(title_of(result)));
  if (!result.shows.empty()) html += element("p", "shows", escaped(result.shows));
  std::string about = "ccbusd " + first.version + " · durability " + first.durability + " · " +
                      utc(first.started_unix_ms) + " · load from a machine of " +
                      std::to_string(first.cores) + " cores";
  if (result.phases.back().result.was_interrupted) about += " · ended early";
  return html + element("p", "", escaped(about)) + "</header>\n";
}

std::string card(const std::string& figure, const std::string& what, const std::string& style) {
  return element("div", style.empty() ? "card" : "card " + style,
                 element("b", "", escaped(figure)) + element("span", "", escaped(what)));
}

std::string style_of(std::uint64_t count, const char* style) {
  return count == 0 ? "" : style;
}

// The most important figures, at the top of the page.
std::string cards(const ScenarioResult& result) {
  std::uint64_t conflicts = 0;
  std::uint64_t failed = 0;
  double most = 0;
  load::LatencyHistogram latency;
  for (const PhaseResult& phase : result.phases) {
    conflicts += phase.result.totals.conflicts();
    failed += phase.result.totals.failed() + phase.result.totals.unanswered;
    most = std::max(most, phase.result.throughput());
    latency.add(phase.result.latency);
  }
  const std::string what =
      result.is_alone() ? operations(result.phases.front().result.plan.mode) : "operations";
  std::string html = card(
      rounded(most), what + (result.is_alone() ? " each second" : " each second, at most"), "");
  html += card(short_duration(latency.quantile(0.5)), "p50, half wait longer", "");
  html += card(short_duration(latency.quantile(0.99)), "p99, one in 100 waits longer", "");
  html += card(short_duration(latency.max()), "the longest wait", "");
  html += card(grouped(conflicts), "conflicts", style_of(conflicts, "warn"));
  html += card(grouped(failed), "failed or unanswered", style_of(failed, "bad"));
  return element("div", "cards", html);
}

std::string phase_table(const ScenarioResult& result) {
  std::vector<HtmlRow> rows;
  for (const PhaseResult& phase : result.phases) {
    const LoadResult& one = phase.result;
    rows.push_back({escaped(phase.name), std::string(to_string(one.plan.mode)),
                    one.plan.is_open_loop() ? decimal(one.plan.rate, 0) : "closed loop",
                    rounded(one.throughput()), short_duration(one.latency.quantile(0.5)),
                    short_duration(one.latency.quantile(0.99)), short_duration(one.latency.max()),
                    grouped(one.totals.conflicts()),
                    grouped(one.totals.failed() + one.totals.unanswered)});
  }
  return section("Phases", html_table({"phase", "mode", "asked each second", "succeeded", "p50",
                                       "p99", "max", "conflicts", "failed"},
                                      rows));
}

std::string time_charts(const ScenarioResult& result) {
  std::string html = section("Throughput", throughput_chart(result));
  html += section("Latency", latency_chart(result) +
                                 element("p", "note",
                                         "Of the operations that ended in each second. Point at a "
                                         "second for its figures."));
  return html;
}

}  // namespace

std::string bench_page(const ScenarioResult& result) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
      "<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  html += element("title", "", escaped(title_of(result))) + "<style>" + kBenchPageStyle +
          "</style>\n</head>\n<body>\n";
  html += header(result) + cards(result);
  if (result.is_alone()) html += verdict(result.phases.front().result);
  html += time_charts(result);
  if (!result.is_alone()) html += phase_table(result);
  for (const PhaseResult& phase : result.phases) {
    if (!result.is_alone()) {
      html += element("h2", "phase", escaped(phase.name)) + verdict(phase.result);
    }
    html += phase_sections(phase.result);
  }
  return html + element("footer", "", "Made by ccbus bench.") + "</body>\n</html>\n";
}

}  // namespace ccbus::cli
