#include "service/load/result/outcome_tally.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/base/assert.h"
#include "service/load/result/result_json.h"

namespace ccbus::load {
namespace {

using namespace std::chrono_literals;
using Nanoseconds = LatencyHistogram::Nanoseconds;
using nlohmann::json;
using nlohmann::ordered_json;

std::size_t seconds_of(const Window& window) {
  return static_cast<std::size_t>(std::ceil(window.seconds()));
}

std::int64_t nanoseconds(SteadyTime time) {
  return std::chrono::duration_cast<Nanoseconds>(time.time_since_epoch()).count();
}

SteadyTime steady_time(const json& nanoseconds) {
  return SteadyTime(Nanoseconds(nanoseconds.get<std::int64_t>()));
}

void add_totals(Totals& to, const Totals& from) {
  to.sent += from.sent;
  to.succeeded += from.succeeded;
  to.mvcc_conflicts += from.mvcc_conflicts;
  to.phantom_conflicts += from.phantom_conflicts;
  to.aborted_by_churn += from.aborted_by_churn;
  for (const auto& [kind, count] : from.failures) to.failures[kind] += count;
}

}  // namespace

OutcomeTally::OutcomeTally(Window window) : window_(window), seconds_(seconds_of(window)) {}

void OutcomeTally::shorten(SteadyTime until) {
  window_.until = std::clamp(until, window_.from, window_.until);
  seconds_.resize(seconds_of(window_));
}

void OutcomeTally::sent(SteadyTime now) {
  ++all_.sent;
  if (window_.contains(now)) ++measured_.sent;
}

void OutcomeTally::count(Totals& totals, Outcome outcome, std::string_view kind) {
  switch (outcome) {
    case Outcome::kSucceeded: ++totals.succeeded; return;
    case Outcome::kMvccConflict: ++totals.mvcc_conflicts; return;
    case Outcome::kPhantomConflict: ++totals.phantom_conflicts; return;
    case Outcome::kAbortedByChurn: ++totals.aborted_by_churn; return;
    case Outcome::kFailed: ++totals.failures[std::string(kind)]; return;
  }
}

void OutcomeTally::ended(SteadyTime intended, SteadyTime now, Outcome outcome,
                         std::string_view kind) {
  const bool is_conflict =
      outcome == Outcome::kMvccConflict || outcome == Outcome::kPhantomConflict;
  const bool has_latency = outcome == Outcome::kSucceeded || is_conflict;
  count(all_, outcome, kind);
  if (has_latency && window_.contains(intended)) latency_.record(now - intended);
  if (!window_.contains(now)) return;

  count(measured_, outcome, kind);
  const auto second = static_cast<std::size_t>((now - window_.from) / 1s);
  select_second(second);
  if (outcome == Outcome::kSucceeded) ++seconds_[second].completed;
  if (is_conflict) ++seconds_[second].conflicts;
  if (outcome == Outcome::kFailed) ++seconds_[second].failures;
  if (has_latency) of_second_.record(now - intended);
}

void OutcomeTally::select_second(std::size_t second) {
  if (second == second_) return;
  if (second_ < seconds_.size()) seconds_[second_].latency = of_second_.counts();
  of_second_.clear();
  second_ = second;
}

LatencyHistogram OutcomeTally::latency_of(std::size_t second) const {
  if (second == second_) return of_second_;
  LatencyHistogram histogram;
  const bool is_restored = histogram.restore(seconds_[second].latency, Nanoseconds::zero(),
                                             latency_.max(), Nanoseconds::zero());
  CCBUS_ASSERT(is_restored);
  return histogram;
}

Totals OutcomeTally::totals() const {
  Totals totals = all_;
  totals.unanswered = open();
  return totals;
}

std::vector<SeriesEntry> OutcomeTally::series() const {
  std::vector<SeriesEntry> series;
  for (std::size_t i = 0; i < seconds_.size(); ++i) {
    const Second& second = seconds_[i];
    const LatencyHistogram latency = latency_of(i);
    series.push_back({1, second.completed, second.conflicts, second.failures, latency.quantile(0.5),
                      latency.quantile(0.99)});
  }
  if (!series.empty()) {
    series.back().seconds = window_.seconds() - static_cast<double>(series.size() - 1);
  }
  return series;
}

void OutcomeTally::add(const OutcomeTally& other) {
  CCBUS_ASSERT(seconds_.size() == other.seconds_.size());
  add_totals(all_, other.all_);
  add_totals(measured_, other.measured_);
  latency_.add(other.latency_);
  for (std::size_t i = 0; i < seconds_.size(); ++i) {
    Second& to = seconds_[i];
    const Second& from = other.seconds_[i];
    to.completed += from.completed;
    to.conflicts += from.conflicts;
    to.failures += from.failures;
    LatencyHistogram both = latency_of(i);
    both.add(other.latency_of(i));
    (i == second_ ? of_second_ : both) = both;
    to.latency = both.counts();
  }
}

ordered_json OutcomeTally::to_json() const {
  ordered_json seconds = ordered_json::array();
  for (std::size_t i = 0; i < seconds_.size(); ++i) {
    const Second& second = seconds_[i];
    seconds.push_back(
        {second.completed, second.conflicts, second.failures, latency_of(i).counts()});
  }
  return {{"from_ns", nanoseconds(window_.from)}, {"until_ns", nanoseconds(window_.until)},
          {"totals", load::to_json(totals())},    {"measured", load::to_json(measured_)},
          {"latency", load::to_json(latency_)},   {"seconds", seconds}};
}

Result<OutcomeTally> OutcomeTally::from_json(const json& from) {
  try {
    OutcomeTally tally({steady_time(from.at("from_ns")), steady_time(from.at("until_ns"))});
    auto totals = totals_from_json(from.at("totals"));
    auto measured = totals_from_json(from.at("measured"));
    auto latency = histogram_from_json(from.at("latency"));
    if (!totals) return unexpected(totals.error());
    if (!measured) return unexpected(measured.error());
    if (!latency) return unexpected(latency.error());
    tally.all_ = std::move(*totals);
    tally.all_.unanswered = 0;
    tally.measured_ = std::move(*measured);
    tally.latency_ = std::move(*latency);
    const json& seconds = from.at("seconds");
    if (seconds.size() != tally.seconds_.size()) {
      return fail(ErrorCode::kInvalid, "seconds do not fit the window");
    }
    for (std::size_t i = 0; i < seconds.size(); ++i) {
      tally.seconds_[i] = {
          seconds[i].at(0).get<std::uint64_t>(), seconds[i].at(1).get<std::uint64_t>(),
          seconds[i].at(2).get<std::uint64_t>(), seconds[i].at(3).get<LatencyHistogram::Counts>()};
    }
    tally.second_ = tally.seconds_.size();  // There is no current second.
    return tally;
  } catch (const json::exception& error) {
    return fail(ErrorCode::kInvalid, error.what());
  }
}

}  // namespace ccbus::load
