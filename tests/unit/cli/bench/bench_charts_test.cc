#include "service/cli/bench/bench_charts.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>

#include "service/cli/bench/svg_chart.h"
#include "service/cli/terminal/markup.h"
#include "tests/support/xml_document.h"
#include "tests/unit/cli/bench/bench_results.h"

using namespace ccbus::cli;
using namespace ccbus::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using ccbus::load::LatencyHistogram;
using ccbus::load::LoadResult;
using ccbus::load::ScenarioResult;

namespace {

std::size_t count_of(const XmlDocument& svg, const char* style) {
  return svg.of_class(style).size();
}

LoadResult one_second() {
  LoadResult result;
  result.measured_seconds = 1;
  result.series = {{1, 100, 0, 0, 1ms, 2ms}};
  return result;
}

}  // namespace

TEST_CASE("text is escaped, and what no XML may hold is replaced", "[cli]") {
  CHECK(escaped("a<b> & \"c\"") == "a&lt;b&gt; &amp; &quot;c&quot;");
  CHECK(escaped("über 20 µs") == "über 20 µs");
  CHECK(escaped(std::string_view("\0\x1b[0m\n", 6)) == "\xef\xbf\xbd\xef\xbf\xbd[0m\n");
  CHECK(escaped("\xff\xc3") == "\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(escaped("\xed\xa0\x80") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // Half a surrogate.
}

TEST_CASE("each second has a place over time, and tells its figures", "[cli]") {
  const XmlDocument throughput(throughput_chart(alone(three_seconds())));
  CHECK(count_of(throughput, "area") == 1);  // Conflicts are a line only.
  CHECK(count_of(throughput, "tip") == 3);
  CHECK_THAT(throughput.text(), Contains("0 to 1 s\nsucceeded: 1,000\nconflicts: 10"));
  // 600 operations in half a second are a rate of 1,200.
  CHECK_THAT(throughput.text(), Contains("2 to 2.5 s\nsucceeded: 1,200\nconflicts: 0"));
  CHECK_THAT(throughput.text(), !Contains("failures"));

  const XmlDocument latency(latency_chart(alone(three_seconds())));
  CHECK_THAT(latency.text(), Contains("1 to 2 s\np99: 5 ms\np50: 950 us"));
}

TEST_CASE("a run of one second has a line, and a run of nothing says so", "[cli]") {
  for (const auto& chart : {throughput_chart, latency_chart}) {
    const XmlDocument one(chart(alone(one_second())));
    CHECK(count_of(one, "line") > 0);
    CHECK(count_of(one, "tip") == 1);
    const XmlDocument none(chart(alone(LoadResult())));
    CHECK(count_of(none, "line") == 0);
    CHECK_THAT(none.text(), Contains("Nothing was measured."));
  }
  CHECK_THAT(XmlDocument(histogram_chart(LatencyHistogram())).text(),
             Contains("Nothing was measured."));
}

TEST_CASE("a second in which nothing ended interrupts the line of latency", "[cli]") {
  LoadResult result = three_seconds();
  result.series[1] = {1, 0, 0, 0, 0ns, 0ns};
  const XmlDocument svg(latency_chart(alone(result)));
  const auto lines = svg.of_class("line");
  REQUIRE(lines.size() >= 2);
  const std::string path = lines.front().attributes.at("d");
  CHECK(std::count(path.begin(), path.end(), 'M') == 2);
}

TEST_CASE("phases follow one another, each under its name", "[cli]") {
  const std::string name = "long" + std::string(99, 'x');
  const ScenarioResult scenario{
      "burst", "", {{"calm", three_seconds()}, {"a <burst>", one_second()}, {name, one_second()}}};
  const XmlDocument svg(throughput_chart(scenario));
  CHECK_THAT(svg.text(), Contains("2.5 to 3.5 s\nsucceeded: 100"));
  CHECK_THAT(svg.text(), Contains("a <burst>"));
  // A name is cut to the width of its phase.
  CHECK_THAT(svg.text(), Contains("longxx") && Contains("x…") && !Contains(name));
  CHECK(count_of(svg, "tip") == 5);
  // No line connects two phases.
  const std::string path = svg.of_class("area").front().attributes.at("d");
  CHECK(std::count(path.begin(), path.end(), 'M') == 3);
  CHECK_THAT(XmlDocument(throughput_chart(alone(three_seconds()))).text(), !Contains("invoke"));
}

TEST_CASE("a day of seconds is shown by groups of them", "[cli]") {
  LoadResult result;
  for (int i = 0; i < 86'400; ++i) result.series.push_back({1, 50, 0, 0, 1ms, 2ms});
  result.series[70'000].p99 = 9ms;
  const std::string chart = latency_chart(alone(result));
  const XmlDocument svg(chart);
  CHECK(count_of(svg, "tip") == 600);
  CHECK_THAT(svg.text(), Contains("p99: 9 ms"));  // The worst second of a group is not lost.
  CHECK_THAT(throughput_chart(alone(result)), Contains("succeeded: 50"));
}

TEST_CASE("latencies that are far apart get a logarithmic scale", "[cli]") {
  LoadResult result = three_seconds();
  CHECK_THAT(latency_chart(alone(result)), Contains(">0 us<"));
  result.series[1].p99 = 2s;
  CHECK_THAT(latency_chart(alone(result)), !Contains(">0 us<"));
  CHECK_THAT(latency_chart(alone(result)), Contains(">100 ms<"));
}

TEST_CASE("a histogram has a bar for a single slow one, and marks its quantiles", "[cli]") {
  const XmlDocument svg(histogram_chart(three_seconds().latency));
  const auto bars = svg.of_class("bar");
  REQUIRE(bars.size() == 3);
  for (const XmlElement& bar : bars) {
    CHECK(std::stod(bar.attributes.at("height")) > 1);
    CHECK(std::stod(bar.attributes.at("width")) > 1);
  }
  CHECK(std::stod(bars[0].attributes.at("x")) < std::stod(bars[1].attributes.at("x")));
  CHECK_THAT(svg.text(), Contains("p99.9  "));
  CHECK_THAT(svg.text(), Contains(": 2,400"));
}
