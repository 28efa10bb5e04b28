#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ccbus {

// What a histogram held at some moment.
struct HistogramFigures {
  std::vector<double> bounds;         // Upper, inclusive, ascending; beyond the last is one more.
  std::vector<std::uint64_t> counts;  // bounds.size() + 1, not cumulative.
  double sum = 0;
};

// Counts observations by size. An observation costs a search among a dozen bounds and two plain
// stores: no lock and no read-modify-write, since there is one writer.
//
// Thread: observe() on one thread; figures() on any, at any time. A reader may see an observation
//         in the counts and not yet in the sum.
template <std::size_t Bounds>
class Histogram {
 public:
  explicit constexpr Histogram(const std::array<double, Bounds>& bounds) : bounds_(bounds) {}
  Histogram(const Histogram&) = delete;
  Histogram& operator=(const Histogram&) = delete;

  void observe(double value) {
    std::size_t bucket = 0;
    while (bucket < Bounds && value > bounds_[bucket]) ++bucket;
    raise(counts_[bucket], std::uint64_t{1});
    raise(sum_, value);
  }
  void observe(std::chrono::nanoseconds value) {
    observe(std::chrono::duration<double>(value).count());
  }

  [[nodiscard]] HistogramFigures figures() const {
    HistogramFigures figures;
    figures.bounds.assign(bounds_.begin(), bounds_.end());
    for (const auto& count : counts_) {
      figures.counts.push_back(count.load(std::memory_order_relaxed));
    }
    figures.sum = sum_.load(std::memory_order_relaxed);
    return figures;
  }

 private:
  template <class Number>
  static void raise(std::atomic<Number>& what, Number by) {
    what.store(what.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  const std::array<double, Bounds> bounds_;
  std::array<std::atomic<std::uint64_t>, Bounds + 1> counts_{};
  std::atomic<double> sum_{0};
};

// Seconds, from a tenth of a millisecond to ten seconds.
inline constexpr std::array kSecondsBounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                              0.005,  0.01,    0.025,  0.05,  0.1,
                                              0.25,   0.5,     1.0,    2.5,   10.0};
using SecondsHistogram = Histogram<kSecondsBounds.size()>;

// Shares of a whole.
inline constexpr std::array kShareBounds = {0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95};
using ShareHistogram = Histogram<kShareBounds.size()>;

}  // namespace ccbus
