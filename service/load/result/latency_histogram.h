#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ccbus::load {

// Counts durations in log-linear buckets, like an HDR histogram: each power of two is divided into
// 128 buckets of equal width, so that a bucket is narrower than 1 % of the values in it. The
// buckets cover one nanosecond to 18 minutes; longer durations are counted in the last bucket, and
// max() is still exact.
//
// Recording costs a shift and an addition. Adding the histograms of several processes is exact.
class LatencyHistogram {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  // A bucket that is not empty, with the durations in [from, until).
  struct Bucket {
    Nanoseconds from;
    Nanoseconds until;
    std::uint64_t count;
  };

  // Bucket numbers and their counts, for storing a histogram.
  using Counts = std::vector<std::pair<std::size_t, std::uint64_t>>;

  LatencyHistogram();

  // A negative duration counts as zero.
  void record(Nanoseconds latency) { record(latency, 1); }
  void record(Nanoseconds latency, std::uint64_t count);
  void add(const LatencyHistogram& other);
  void clear();

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }

  // Exact; zero if nothing was recorded.
  [[nodiscard]] Nanoseconds min() const { return empty() ? Nanoseconds(0) : min_; }
  [[nodiscard]] Nanoseconds max() const { return max_; }
  [[nodiscard]] Nanoseconds mean() const;

  // The smallest duration that at least `share` (0 to 1) of all durations do not exceed, to the
  // accuracy of a bucket: the bucket's upper edge, at most max(). Zero if nothing was recorded.
  [[nodiscard]] Nanoseconds quantile(double share) const;

  // The buckets that are not empty, in ascending order.
  [[nodiscard]] std::vector<Bucket> buckets() const;

  // The same, by bucket number, for restore().
  [[nodiscard]] Counts counts() const;
  [[nodiscard]] Nanoseconds sum() const { return sum_; }

  // Returns false, and changes nothing, if a bucket number is invalid or the counts overflow.
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
