#include "service/load/result/outcome_tally.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

using namespace ccbus::load;
using namespace std::chrono_literals;
using ccbus::SteadyTime;
using nlohmann::json;

namespace {

constexpr SteadyTime kFrom{1h};
constexpr Window kThreeSeconds{kFrom, kFrom + 3s};

// Operations of each outcome, in each second.
OutcomeTally busy_tally() {
  OutcomeTally tally(kThreeSeconds);
  for (const auto offset : {0ms, 400ms, 900ms, 1'100ms, 2'500ms, 2'999ms}) {
    const SteadyTime sent = kFrom + offset;
    for (int i = 0; i < 4; ++i) tally.sent(sent);
    tally.ended(sent, sent + 1ms, Outcome::kSucceeded, "");
    tally.ended(sent, sent + 2ms, Outcome::kMvccConflict, "");
    tally.ended(sent, sent + 3ms, Outcome::kFailed, "ABORTED");
  }
  return tally;
}

}  // namespace

TEST_CASE("whatever was sent is in exactly one of the totals", "[load]") {
  OutcomeTally tally(kThreeSeconds);
  for (int i = 0; i < 7; ++i) tally.sent(kFrom);
  tally.ended(kFrom, kFrom + 1ms, Outcome::kSucceeded, "");
  tally.ended(kFrom, kFrom + 1ms, Outcome::kMvccConflict, "");
  tally.ended(kFrom, kFrom + 1ms, Outcome::kPhantomConflict, "");
  tally.ended(kFrom, kFrom + 1ms, Outcome::kAbortedByChurn, "");
  tally.ended(kFrom, kFrom + 1ms, Outcome::kFailed, "UNAVAILABLE");
  tally.ended(kFrom, kFrom + 1ms, Outcome::kFailed, "UNAVAILABLE");
  const Totals totals = tally.totals();
  CHECK(totals.conflicts() == 2);
  CHECK(totals.failures == std::map<std::string, std::uint64_t>{{"UNAVAILABLE", 2}});
  CHECK(totals.unanswered == 1);
  CHECK(totals.sent == totals.answered() + totals.unanswered);
}

TEST_CASE("an operation's latency counts by when it was to begin, whenever it ended", "[load]") {
  OutcomeTally tally(kThreeSeconds);
  tally.ended(kFrom - 1ns, kFrom + 1s, Outcome::kSucceeded, "");  // Belongs to the warm-up.
  CHECK(tally.latency().empty());
  tally.ended(kFrom + 2s, kFrom + 9s, Outcome::kSucceeded, "");  // After the end.
  CHECK(tally.latency().max() == 7s);
  CHECK(tally.measured().succeeded == 1);
  CHECK(tally.totals().succeeded == 2);
}

TEST_CASE("failures have no latency; conflicts, which are answers, have one", "[load]") {
  OutcomeTally tally(kThreeSeconds);
  tally.ended(kFrom, kFrom + 5ms, Outcome::kFailed, "ABORTED");
  CHECK(tally.latency().empty());
  tally.ended(kFrom, kFrom + 6ms, Outcome::kPhantomConflict, "");
  CHECK(tally.latency().max() == 6ms);
}

TEST_CASE("the series has every second, also one in which nothing ended", "[load]") {
  OutcomeTally tally(kThreeSeconds);
  tally.ended(kFrom, kFrom + 10ms, Outcome::kSucceeded, "");
  tally.ended(kFrom, kFrom + 2'020ms, Outcome::kSucceeded, "");
  const auto series = tally.series();
  REQUIRE(series.size() == 3);
  CHECK(series[0].completed == 1);
  CHECK(series[0].p50 >= 10ms);  // To the accuracy of a bucket.
  CHECK(series[0].p50 < 10'100us);
  CHECK(series[1] == SeriesEntry());
  CHECK(series[2].p99 == 2'020ms);
}

TEST_CASE("a window that is no whole number of seconds ends with a shorter entry", "[load]") {
  OutcomeTally tally({kFrom, kFrom + 2'500ms});
  const auto series = tally.series();
  REQUIRE(series.size() == 3);
  CHECK(series.back().seconds == Approx(0.5));
}

TEST_CASE("a run that ends early keeps the seconds that it had", "[load]") {
  OutcomeTally tally = busy_tally();
  OutcomeTally early({kFrom, kFrom + 3s});
  early.ended(kFrom, kFrom + 1ms, Outcome::kSucceeded, "");
  early.shorten(kFrom + 500ms);
  early.ended(kFrom, kFrom + 600ms, Outcome::kSucceeded, "");
  REQUIRE(early.series().size() == 1);
  CHECK(early.series()[0].seconds == Approx(0.5));
  CHECK(early.measured().succeeded == 1);
}

TEST_CASE("tallies of several processes add up, second by second", "[load]") {
  OutcomeTally one = busy_tally();
  const OutcomeTally other = busy_tally();
  one.add(other);
  CHECK(one.totals().sent == 2 * other.totals().sent);
  CHECK(one.latency().count() == 2 * other.latency().count());
  const auto series = one.series();
  for (std::size_t i = 0; i < series.size(); ++i) {
    CHECK(series[i].completed == 2 * other.series()[i].completed);
    CHECK(series[i].conflicts == 2 * other.series()[i].conflicts);
    CHECK(series[i].failures == 2 * other.series()[i].failures);
    CHECK(series[i].p99 == other.series()[i].p99);
  }
}

TEST_CASE("a tally survives the way to another process", "[load]") {
  const OutcomeTally tally = busy_tally();
  const auto back = OutcomeTally::from_json(json::parse(tally.to_json().dump()));
  REQUIRE(back);
  CHECK(back->totals() == tally.totals());
  CHECK(back->measured() == tally.measured());
  CHECK(back->latency() == tally.latency());
  CHECK(back->series() == tally.series());
  CHECK_FALSE(OutcomeTally::from_json(json{{"from_ns", 1}}));
}
