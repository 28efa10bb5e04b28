#include "service/load/run/arrival_queue.h"

#include <algorithm>

namespace ccbus::load {

void ArrivalQueue::collect(SteadyTime now) {
  while (schedule_.next() <= now && schedule_.next() < window_.until) {
    waiting_.push_back(schedule_.take());
    if (window_.contains(waiting_.back())) ++intended_;
  }
}

std::optional<SteadyTime> ArrivalQueue::take(SteadyTime now) {
  if (waiting_.empty() || now >= window_.until) return std::nullopt;
  const SteadyTime intended = waiting_.front();
  waiting_.pop_front();
  if (window_.contains(intended)) lag_.record(now - intended);
  return intended;
}

std::optional<SteadyTime> ArrivalQueue::next_deadline() const {
  if (schedule_.next() >= window_.until) return std::nullopt;
  return schedule_.next();
}

Schedule ArrivalQueue::schedule() const {
  const auto unsent =
      std::ranges::count_if(waiting_, [this](SteadyTime time) { return window_.contains(time); });
  return {intended_, static_cast<std::uint64_t>(unsent), lag_.quantile(0.5), lag_.quantile(0.99),
          lag_.max()};
}

}  // namespace ccbus::load
