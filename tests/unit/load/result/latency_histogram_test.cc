#include "service/load/result/latency_histogram.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using ccbus::load::LatencyHistogram;

TEST_CASE("a quantile is within one percent of the exact one, over nine powers of ten", "[load]") {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(0, 11.9);  // 1 ns to 13 minutes.
  LatencyHistogram histogram;
  std::vector<std::int64_t> exact;
  for (int i = 0; i < 20'000; ++i) {
    const auto value = static_cast<std::int64_t>(std::pow(10.0, exponent(random)));
    exact.push_back(value);
    histogram.record(std::chrono::nanoseconds(value));
  }
  std::sort(exact.begin(), exact.end());
  for (const double share : {0.01, 0.25, 0.5, 0.9, 0.99, 0.999}) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * 20'000)) - 1;
    const auto found = static_cast<double>(histogram.quantile(share).count());
    CHECK(found >= static_cast<double>(exact[rank]));
    CHECK(found <= static_cast<double>(exact[rank]) * 1.01 + 1);
  }
  CHECK(histogram.min().count() == exact.front());
  CHECK(histogram.max().count() == exact.back());
  CHECK(histogram.quantile(1).count() == exact.back());
}

TEST_CASE("buckets follow each other without gap or overlap and hold what was recorded", "[load]") {
  LatencyHistogram histogram;
  for (std::int64_t value = 0; value < 100'000; ++value) {
    histogram.record(std::chrono::nanoseconds(value));
  }
  const auto buckets = histogram.buckets();
  REQUIRE(!buckets.empty());
  CHECK(buckets.front().from == 0ns);
  for (std::size_t i = 0; i + 1 < buckets.size(); ++i) {
    CHECK(buckets[i].until == buckets[i + 1].from);
    CHECK(buckets[i].count ==
          static_cast<std::uint64_t>((buckets[i].until - buckets[i].from).count()));
  }
}

TEST_CASE("histograms of several processes add up to the one of all", "[load]") {
  LatencyHistogram one;
  LatencyHistogram other;
  LatencyHistogram all;
  for (int i = 1; i <= 1'000; ++i) {
    (i % 3 == 0 ? one : other).record(std::chrono::microseconds(i * i));
    all.record(std::chrono::microseconds(i * i));
  }
  one.add(other);
  CHECK(one == all);
  one.add(LatencyHistogram());
  CHECK(one == all);
}

TEST_CASE("a histogram of nothing has zeros, and a cleared one is a new one", "[load]") {
  LatencyHistogram histogram;
  CHECK(histogram.quantile(0.99) == 0ns);
  CHECK(histogram.mean() == 0ns);
  CHECK(histogram.buckets().empty());
  histogram.record(5ms, 3);
  CHECK(histogram.mean() == 5ms);
  histogram.clear();
  CHECK(histogram == LatencyHistogram());
}

TEST_CASE("what is beyond the range is counted, and its maximum kept", "[load]") {
  LatencyHistogram histogram;
  histogram.record(-3ms);
  histogram.record(2h);
  CHECK(histogram.count() == 2);
  CHECK(histogram.min() == 0ns);
  CHECK(histogram.max() == 2h);
  CHECK(histogram.quantile(1) == 2h);
  CHECK(histogram.buckets().back().until > 2h);
}

TEST_CASE("a stored histogram comes back; numbers of no bucket are refused", "[load]") {
  LatencyHistogram histogram;
  for (const auto value : {3us, 70us, 70us, 9000us}) histogram.record(value);
  LatencyHistogram restored;
  REQUIRE(restored.restore(histogram.counts(), histogram.min(), histogram.max(), histogram.sum()));
  CHECK(restored == histogram);
  CHECK_FALSE(restored.restore({{1'000'000, 1}}, 0ns, 0ns, 0ns));
  CHECK(restored == histogram);
}
