#include "service/load/run/trend_samples.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>

namespace ccbus::load {
namespace {

constexpr std::chrono::seconds kInterval{1};
constexpr std::size_t kThreadsNamed = 3;

// Of each thread that was there at the end, the share of a core that it used in between.
std::map<pid_t, double> shares(const ProcessSample& from, const ProcessSample& until) {
  const double seconds = std::chrono::duration<double>(until.time - from.time).count();
  std::map<pid_t, double> shares;
  for (const auto& [id, thread] : until.threads) {
    const auto before = from.threads.find(id);
    const auto used =
        thread.cpu - (before == from.threads.end() ? thread.cpu.zero() : before->second.cpu);
    shares[id] = std::min(1.0, std::chrono::duration<double>(used).count() / seconds);
  }
  return shares;
}

}  // namespace

void TrendSamples::take(SteadyTime now) {
  if (pids_.empty()) return;
  samples_.push_back(sample_processes(pids_));
  next_ = now + kInterval;
}

void TrendSamples::add_busiest(Trend& trend) const {
  const std::size_t quarter = samples_.size() / 4;
  if (trend.seconds == 0 || quarter == 0) return;
  const ProcessSample& end = samples_.back();
  const auto first = shares(samples_.front(), samples_[quarter]);
  for (const auto& [id, share] : shares(samples_[samples_.size() - 1 - quarter], end)) {
    if (share == 0) continue;
    const auto before = first.find(id);
    trend.busiest.push_back(
        {end.threads.at(id).name, before == first.end() ? 0 : before->second, share});
  }
  std::ranges::stable_sort(trend.busiest, std::greater<>(), &Trend::Thread::last);
  if (trend.busiest.size() > kThreadsNamed) trend.busiest.resize(kThreadsNamed);
}

}  // namespace ccbus::load
