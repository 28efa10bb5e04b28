#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "service/metrics/single_writer_counter.h"

namespace ccbus {

// The content of a histogram at one moment.
struct HistogramSnapshot {
  std::vector<double> bounds;         // Upper bounds of the buckets: inclusive, ascending.
  std::vector<std::uint64_t> counts;  // Not cumulative; the last one is of values above all bounds.
  double sum = 0;

  [[nodiscard]] std::uint64_t count() const {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  }
};

// Counts observations by size. An observation costs a search among a dozen bounds and two plain
// stores. It needs no lock and no atomic read-modify-write, since there is only one writer.
//
// Thread: observe() on one thread only; snapshot() on any thread, at any time. A snapshot may have
//         an observation in its counts that is not yet in its sum.
template <const auto& Bounds>
class Histogram {
 public:
  void observe(double value) {
    std::size_t bucket = 0;
    while (bucket < Bounds.size() && value > Bounds[bucket]) ++bucket;
    counts_[bucket].add(1);
    sum_.add(value);
  }
  void observe(std::chrono::nanoseconds value) {
    observe(std::chrono::duration<double>(value).count());
  }

  [[nodiscard]] HistogramSnapshot snapshot() const {
    HistogramSnapshot snapshot;
    snapshot.bounds.assign(Bounds.begin(), Bounds.end());
    for (const Count& count : counts_) snapshot.counts.push_back(count.get());
    snapshot.sum = sum_.get();
    return snapshot;
  }

 private:
  std::array<Count, Bounds.size() + 1> counts_;
  SingleWriterCounter<double> sum_;
};

// Seconds, from a tenth of a millisecond to ten seconds.
inline constexpr std::array kSecondsBounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                              0.005,  0.01,    0.025,  0.05,  0.1,
                                              0.25,   0.5,     1.0,    2.5,   10.0};
using SecondsHistogram = Histogram<kSecondsBounds>;

// Seconds, from five microseconds, which is about the time of a point read.
inline constexpr std::array kShortSecondsBounds = {
    0.000'005, 0.000'010, 0.000'025, 0.000'050, 0.000'100, 0.000'250, 0.000'500,
    0.001,     0.0025,    0.005,     0.01,      0.025,     0.05,      0.1,
    0.25,      0.5,       1.0,       2.5,       10.0};
using ShortSecondsHistogram = Histogram<kShortSecondsBounds>;

// Fractions of one.
inline constexpr std::array kShareBounds = {0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95};
using ShareHistogram = Histogram<kShareBounds>;

}  // namespace ccbus
