#include "service/load/result/verdict.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ccbus::load {
namespace {

using Nanoseconds = LatencyHistogram::Nanoseconds;

// From this share of a core on, a thread counts as fully used; likewise the whole machine below.
constexpr double kBusyThread = 0.85;
constexpr double kFullMachine = 0.9;
// Above these shares, other processes (and the kernel) or other machines disturb the run.
constexpr double kOtherCores = 0.3;
constexpr double kStolenShare = 0.03;
// A schedule counts as kept if this share of the requested rate is reached, and if the lag is below
// this share of the latency.
constexpr double kReachedRate = 0.98;
constexpr double kLagShare = 0.1;
constexpr Nanoseconds kLagMin{1'000'000};
// A rate counts as fallen if the last quarter has less than this share of the first one's.
constexpr double kFallenRate = 0.9;

std::string percent(double share) {
  return std::to_string(static_cast<int>(std::lround(share * 100))) + " %";
}

std::string decimal(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string milliseconds(Nanoseconds duration) {
  return decimal(std::chrono::duration<double, std::milli>(duration).count(), 1) + " ms";
}

std::string busy(const std::string& who, const Usage& usage, const std::string& advice) {
  return who + " is a bottleneck: its busiest thread (" + usage.busiest_thread_name + ") ran " +
         percent(usage.busiest_thread) + " of the time, " + decimal(usage.cores, 2) +
         " cores in all" + advice + ".";
}

// Returns true if the lag is large enough to distort the latencies.
bool is_late(const LoadResult& result) {
  const auto tolerated = std::max(
      kLagMin, Nanoseconds(static_cast<std::int64_t>(
                   kLagShare * static_cast<double>(result.latency.quantile(0.5).count()))));
  return result.plan.is_open_loop() && result.schedule.lag_p99 > tolerated;
}

void judge_schedule(const LoadResult& result, std::vector<std::string>& findings) {
  if (!result.plan.is_open_loop()) return;
  const Schedule& schedule = result.schedule;
  const double reached =
      result.measured_seconds > 0
          ? static_cast<double>(result.measured.answered()) / result.measured_seconds
          : 0;
  const double asked = result.measured_seconds > 0
                           ? static_cast<double>(schedule.intended) / result.measured_seconds
                           : 0;
  if (reached < asked * kReachedRate) {
    findings.push_back("The asked rate was not reached: " + decimal(asked, 1) +
                       " arrivals came each second, " + decimal(reached, 1) + " were answered.");
  }
  if (schedule.unsent != 0) {
    findings.push_back(std::to_string(schedule.unsent) + " of " +
                       std::to_string(schedule.intended) + " arrivals were never sent: all of " +
                       std::to_string(result.plan.in_flight_total()) +
                       " in flight were under way; they are in no percentile.");
  }
  if (is_late(result)) {
    findings.push_back("The schedule was not kept: 1 % of the requests were sent " +
                       milliseconds(schedule.lag_p99) +
                       " or more after they were to begin, at most " +
                       milliseconds(schedule.lag_max) + "; the latencies have that time in them.");
  }
}

// How busy the busiest thread of the service was, over the whole run or at its end.
double busiest_of_service(const LoadResult& result) {
  const double at_the_end = result.trend.busiest.empty() ? 0 : result.trend.busiest.front().last;
  return std::max(result.service.busiest_thread, at_the_end);
}

void judge_trend(const LoadResult& result, std::vector<std::string>& findings) {
  const Trend& trend = result.trend;
  if (result.plan.is_open_loop() || trend.seconds == 0) return;
  if (trend.last_per_second >= kFallenRate * trend.first_per_second) return;
  std::string finding =
      "The rate fell by " + percent(1 - trend.last_per_second / trend.first_per_second) +
      ": from " + decimal(trend.first_per_second, 1) + " a second in the first " +
      decimal(trend.seconds, 0) + " s to " + decimal(trend.last_per_second, 1) + " in the last.";
  if (!trend.busiest.empty()) finding += " The service's threads, of a core, then and now:";
  for (std::size_t i = 0; i < trend.busiest.size(); ++i) {
    const Trend::Thread& thread = trend.busiest[i];
    finding += (i == 0 ? " " : ", ") + thread.name + " " + percent(thread.first) + " and " +
               percent(thread.last);
  }
  if (!trend.busiest.empty()) finding += ".";
  findings.push_back(std::move(finding));
}

void judge_service(const LoadResult& result, std::vector<std::string>& findings) {
  if (result.service.busiest_thread >= kBusyThread) {
    findings.push_back(busy("The service", result.service, ""));
  } else if (busiest_of_service(result) >= kBusyThread) {
    const Trend::Thread& thread = result.trend.busiest.front();
    findings.push_back("The service became a bottleneck: its thread " + thread.name + " ran " +
                       percent(thread.first) + " of the time in the first " +
                       decimal(result.trend.seconds, 0) + " s and " + percent(thread.last) +
                       " in the last.");
  }
}

void judge_machine(const LoadResult& result, std::vector<std::string>& findings) {
  const double service = result.service_is_local ? result.service.cores : 0;
  const double ours = service + result.chaincode.cores + result.generator.cores;
  if (result.cores != 0 && ours + result.other_cores >= kFullMachine * result.cores) {
    std::string who;
    if (result.service_is_local) who += "the service used " + decimal(service, 2) + ", ";
    if (result.chaincode.is_known)
      who += "the chaincode " + decimal(result.chaincode.cores, 2) + ", ";
    findings.push_back("The machine is full: of " + std::to_string(result.cores) + " cores " + who +
                       "the load generator " + decimal(result.generator.cores, 2) +
                       " and everything else " + decimal(result.other_cores, 2) + ".");
  }
  if (result.other_cores < kOtherCores && result.stolen_share < kStolenShare) return;
  findings.push_back("The machine was not quiet: everything else on it used " +
                     decimal(result.other_cores, 2) + " cores, and other machines took " +
                     percent(result.stolen_share) +
                     " of its time; figures of such a run say little.");
}

}  // namespace

bool is_bounded_by_generator(const LoadResult& result) {
  return result.generator.busiest_thread >= kBusyThread || is_late(result);
}

std::vector<std::string> find_bottlenecks(const LoadResult& result) {
  std::vector<std::string> findings;
  judge_schedule(result, findings);
  if (result.generator.busiest_thread >= kBusyThread) {
    findings.push_back(
        busy("The load generator", result.generator,
             "; what is measured is partly itself, use fewer clients or a second one"));
  }
  if (result.chaincode.busiest_thread >= kBusyThread) {
    findings.push_back(
        busy("The chaincode", result.chaincode, "; spread the dealers with --chaincode-processes"));
  }
  judge_service(result, findings);
  judge_trend(result, findings);
  judge_machine(result, findings);
  if (findings.empty()) {
    findings.push_back("Nothing was full: the generator's busiest thread ran " +
                       percent(result.generator.busiest_thread) + " of the time, the chaincode's " +
                       percent(result.chaincode.busiest_thread) + ", the service's " +
                       (busiest_of_service(result) > 0 ? percent(busiest_of_service(result))
                                                       : std::string("is not known")) +
                       ".");
  }
  return findings;
}

}  // namespace ccbus::load
