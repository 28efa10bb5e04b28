#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ccbus::load {

// Counts of durations in log-linear buckets, as an HDR histogram has them: each power of two is cut
// into 128 buckets of equal width, so that a bucket is narrower than 1 % of what it holds. From one
// nanosecond to 18 minutes; what is longer is counted in the last bucket, and its maximum is kept.
//
// Recording costs a shift and an addition. Histograms of several processes add up exactly.
class LatencyHistogram {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  // A bucket that is not empty: it holds what is in [from, until).
  struct Bucket {
    Nanoseconds from;
    Nanoseconds until;
    std::uint64_t count;
  };

  // Bucket numbers and what is in them, for whoever stores a histogram.
  using Counts = std::vector<std::pair<std::size_t, std::uint64_t>>;

  LatencyHistogram();

  // A negative duration counts as zero.
  void record(Nanoseconds latency) { record(latency, 1); }
  void record(Nanoseconds latency, std::uint64_t count);
  void add(const LatencyHistogram& other);
  void clear();

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }

  // Exact; zero where nothing was recorded.
  [[nodiscard]] Nanoseconds min() const { return empty() ? Nanoseconds(0) : min_; }
  [[nodiscard]] Nanoseconds max() const { return max_; }
  [[nodiscard]] Nanoseconds mean() const;

  // The smallest duration that at least `share` (0 to 1) of all are not above, to the accuracy of a
  // bucket: its upper edge, at most max(). Zero where nothing was recorded.
  [[nodiscard]] Nanoseconds quantile(double share) const;

  // Those that are not empty, in order.
  [[nodiscard]] std::vector<Bucket> buckets() const;

  // The same by number; restore() takes it back.
  [[nodiscard]] Counts counts() const;
  [[nodiscard]] Nanoseconds sum() const { return sum_; }

  // False, with nothing changed, where a bucket number is none or the counts exceed a number's
  // range.
  [[nodiscard]] bool restore(const Counts& counts, Nanoseconds min, Nanoseconds max,
                             Nanoseconds sum);

  bool operator==(const LatencyHistogram&) const = default;

 private:
  static constexpr unsigned kSubBits = 7;  // 128 buckets for each power of two.
  static constexpr std::uint64_t kSub = std::uint64_t{1} << kSubBits;
  static constexpr unsigned kTopBit = 40;  // 2^40 ns are 18 minutes.
  static constexpr std::size_t kBuckets = (kTopBit - kSubBits + 1) * kSub;

  [[nodiscard]] static std::size_t bucket_of(std::uint64_t value);
  [[nodiscard]] static std::uint64_t lower_edge(std::size_t bucket);

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  Nanoseconds min_{0};
  Nanoseconds max_{0};
  Nanoseconds sum_{0};
};

}  // namespace ccbus::load
