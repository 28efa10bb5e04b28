#include "service/cli/bench/chart_axis.h"

#include <catch2/catch.hpp>
#include <limits>

using ccbus::cli::ChartAxis;

TEST_CASE("a linear axis ends at a round number, and has few ticks", "[cli]") {
  CHECK(ChartAxis::linear(937).ticks() == std::vector<double>{0, 200, 400, 600, 800, 1'000});
  CHECK(ChartAxis::linear(10).ticks() == std::vector<double>{0, 2, 4, 6, 8, 10});
  CHECK(ChartAxis::linear(937).place(500) == 0.5);
  for (const double max : {0.003, 1.0, 7.0, 42.0, 99'999.0, 3e12}) {
    INFO(max);
    const ChartAxis axis = ChartAxis::linear(max);
    CHECK(axis.ticks().size() >= 4);
    CHECK(axis.ticks().size() <= 7);
    CHECK(axis.ticks().back() >= max * 0.999999);
  }
}

TEST_CASE("an axis up to its end has no tick beyond it", "[cli]") {
  const ChartAxis axis = ChartAxis::until(12);
  CHECK(axis.ticks() == std::vector<double>{0, 5, 10});
  CHECK(axis.place(12) == 1);
  CHECK(axis.place(6) == 0.5);
}

TEST_CASE("a logarithmic axis gives equal ratios equal room", "[cli]") {
  const ChartAxis axis = ChartAxis::logarithmic(10, 1'000);
  CHECK(axis.place(100) == Approx(0.5));
  CHECK(axis.ticks() == std::vector<double>{10, 20, 50, 100, 200, 500, 1'000});
  CHECK(ChartAxis::logarithmic(1, 1e6).ticks() ==
        std::vector<double>{1, 10, 100, 1e3, 1e4, 1e5, 1e6});
}

TEST_CASE("what is outside of an axis stands at its nearer end", "[cli]") {
  const ChartAxis axis = ChartAxis::logarithmic(10, 1'000);
  CHECK(axis.place(0) == 0);
  CHECK(axis.place(1e9) == 1);
  CHECK(ChartAxis::linear(10).place(-1) == 0);
  CHECK(ChartAxis::linear(10).place(11) == 1);
}

TEST_CASE("an axis of nothing is an axis", "[cli]") {
  for (const double none : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(ChartAxis::linear(none).place(0.5) == 0.5);
    CHECK(ChartAxis::until(none).place(1) == 1);
    CHECK(ChartAxis::logarithmic(none, none).place(1) == 0);
  }
}
