#include "service/load/result/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ccbus::load {

LatencyHistogram::LatencyHistogram() : counts_(kBuckets, 0) {}

// Below 2^7 each value has a bucket of its own. Above, the leading bit selects the group of buckets
// and the seven bits after it the bucket.
std::size_t LatencyHistogram::bucket_of(std::uint64_t value) {
  if (value < kSub) return value;
  const unsigned leading = static_cast<unsigned>(std::bit_width(value)) - 1;
  if (leading >= kTopBit) return kBuckets - 1;
  const unsigned shift = leading - kSubBits;
  return (shift + 1) * kSub + ((value >> shift) - kSub);
}

std::uint64_t LatencyHistogram::lower_edge(std::size_t bucket) {
  const std::size_t group = bucket / kSub;
  const std::uint64_t place = bucket % kSub;
  return group == 0 ? place : (kSub + place) << (group - 1);
}

void LatencyHistogram::record(Nanoseconds latency, std::uint64_t count) {
  if (count == 0) return;
  latency = std::max(latency, Nanoseconds(0));
  counts_[bucket_of(static_cast<std::uint64_t>(latency.count()))] += count;
  min_ = empty() ? latency : std::min(min_, latency);
  max_ = std::max(max_, latency);
  sum_ += latency * static_cast<std::int64_t>(count);
  count_ += count;
}

void LatencyHistogram::add(const LatencyHistogram& other) {
  if (other.empty()) return;
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  min_ = empty() ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
  count_ += other.count_;
}

void LatencyHistogram::clear() {
  if (empty()) return;
  std::fill(counts_.begin(), counts_.end(), 0);
  count_ = 0;
  min_ = max_ = sum_ = Nanoseconds(0);
}

LatencyHistogram::Nanoseconds LatencyHistogram::mean() const {
  return empty() ? Nanoseconds(0) : sum_ / static_cast<std::int64_t>(count_);
}

LatencyHistogram::Nanoseconds LatencyHistogram::quantile(double share) const {
  if (empty()) return Nanoseconds(0);
  const double wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_));
  const auto rank = std::clamp(static_cast<std::uint64_t>(wanted), std::uint64_t{1}, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen < rank) continue;
    if (i == kBuckets - 1) return max_;
    const auto edge = Nanoseconds(static_cast<std::int64_t>(lower_edge(i + 1)) - 1);
    return std::clamp(edge, min_, max_);
  }
  return max_;
}

std::vector<LatencyHistogram::Bucket> LatencyHistogram::buckets() const {
  std::vector<Bucket> buckets;
  for (const auto& [number, count] : counts()) {
    const auto from = Nanoseconds(static_cast<std::int64_t>(lower_edge(number)));
    const auto until = number == kBuckets - 1
                           ? max_ + Nanoseconds(1)
                           : Nanoseconds(static_cast<std::int64_t>(lower_edge(number + 1)));
    buckets.push_back({from, until, count});
  }
  return buckets;
}

LatencyHistogram::Counts LatencyHistogram::counts() const {
  Counts counts;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (counts_[i] != 0) counts.emplace_back(i, counts_[i]);
  }
  return counts;
}

bool LatencyHistogram::restore(const Counts& counts, Nanoseconds min, Nanoseconds max,
                               Nanoseconds sum) {
  LatencyHistogram restored;
  for (const auto& [number, count] : counts) {
    if (number >= kBuckets || restored.count_ + count < restored.count_) return false;
    restored.counts_[number] += count;
    restored.count_ += count;
  }
  restored.min_ = min;
  restored.max_ = max;
  restored.sum_ = sum;
  *this = std::move(restored);
  return true;
}

}  // namespace ccbus::load
