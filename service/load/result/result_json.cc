#include "service/load/result/result_json.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace ccbus::load {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using Nanoseconds = LatencyHistogram::Nanoseconds;

double microseconds(Nanoseconds duration) {
  return static_cast<double>(duration.count()) / 1'000;
}

ordered_json usage_json(const Usage& usage) {
  return {{"is_known", usage.is_known},
          {"processes", usage.processes},
          {"cores", usage.cores},
          {"resident_bytes", usage.resident_bytes},
          {"busiest_thread", usage.busiest_thread},
          {"busiest_thread_name", usage.busiest_thread_name}};
}

ordered_json trend_json(const Trend& trend) {
  ordered_json busiest = ordered_json::array();
  for (const Trend::Thread& thread : trend.busiest) {
    busiest.push_back({{"name", thread.name}, {"first", thread.first}, {"last", thread.last}});
  }
  return {{"seconds", trend.seconds},
          {"first_per_second", trend.first_per_second},
          {"last_per_second", trend.last_per_second},
          {"service_busiest", std::move(busiest)}};
}

ordered_json blocks_json(const Blocks& blocks) {
  const double count = blocks.blocks == 0 ? 1 : static_cast<double>(blocks.blocks);
  return {{"blocks", blocks.blocks},
          {"transactions", blocks.transactions},
          {"transactions_per_block", static_cast<double>(blocks.transactions) / count},
          {"commit_us", blocks.commit_time.count()},
          {"commit_us_per_block", static_cast<double>(blocks.commit_time.count()) / count}};
}

ordered_json schedule_json(const Schedule& schedule) {
  return {{"intended", schedule.intended},
          {"unsent", schedule.unsent},
          {"lag_p50_ns", schedule.lag_p50.count()},
          {"lag_p99_ns", schedule.lag_p99.count()},
          {"lag_max_ns", schedule.lag_max.count()}};
}

ordered_json series_json(const std::vector<SeriesEntry>& series) {
  ordered_json list = ordered_json::array();
  for (const SeriesEntry& entry : series) {
    list.push_back({{"seconds", entry.seconds},
                    {"completed", entry.completed},
                    {"conflicts", entry.conflicts},
                    {"failures", entry.failures},
                    {"p50_ns", entry.p50.count()},
                    {"p99_ns", entry.p99.count()}});
  }
  return list;
}

// --- Reading. A member that is missing or has the wrong type throws a json::exception, which names
// the key; only read() catches it. ---

template <class T>
void take(const json& from, const char* key, T& to) {
  to = from.at(key).get<T>();
}

void take(const json& from, const char* key, Nanoseconds& to) {
  to = Nanoseconds(from.at(key).get<std::int64_t>());
}

LatencyHistogram take_histogram(const json& from) {
  LatencyHistogram histogram;
  Nanoseconds min{0};
  Nanoseconds max{0};
  Nanoseconds sum{0};
  take(from, "min_ns", min);
  take(from, "max_ns", max);
  take(from, "sum_ns", sum);
  const auto counts = from.at("counts").get<LatencyHistogram::Counts>();
  if (!histogram.restore(counts, min, max, sum)) {
    throw std::out_of_range("a histogram's counts name a bucket that does not exist");
  }
  return histogram;
}

Totals take_totals(const json& from) {
  Totals totals;
  take(from, "sent", totals.sent);
  take(from, "succeeded", totals.succeeded);
  take(from, "mvcc_conflicts", totals.mvcc_conflicts);
  take(from, "phantom_conflicts", totals.phantom_conflicts);
  take(from, "aborted_by_churn", totals.aborted_by_churn);
  take(from, "failures", totals.failures);
  take(from, "unanswered", totals.unanswered);
  return totals;
}

Usage take_usage(const json& from) {
  Usage usage;
  take(from, "is_known", usage.is_known);
  take(from, "processes", usage.processes);
  take(from, "cores", usage.cores);
  take(from, "resident_bytes", usage.resident_bytes);
  take(from, "busiest_thread", usage.busiest_thread);
  take(from, "busiest_thread_name", usage.busiest_thread_name);
  return usage;
}

// A result of an older version has none.
Trend take_trend(const json& from) {
  Trend trend;
  if (!from.contains("trend")) return trend;
  const json& written = from.at("trend");
  take(written, "seconds", trend.seconds);
  take(written, "first_per_second", trend.first_per_second);
  take(written, "last_per_second", trend.last_per_second);
  for (const json& item : written.at("service_busiest")) {
    Trend::Thread& thread = trend.busiest.emplace_back();
    take(item, "name", thread.name);
    take(item, "first", thread.first);
    take(item, "last", thread.last);
  }
  return trend;
}

Blocks take_blocks(const json& from) {
  Blocks blocks;
  take(from, "blocks", blocks.blocks);
  take(from, "transactions", blocks.transactions);
  blocks.commit_time = std::chrono::microseconds(from.at("commit_us").get<std::int64_t>());
  return blocks;
}

Schedule take_schedule(const json& from) {
  Schedule schedule;
  take(from, "intended", schedule.intended);
  take(from, "unsent", schedule.unsent);
  take(from, "lag_p50_ns", schedule.lag_p50);
  take(from, "lag_p99_ns", schedule.lag_p99);
  take(from, "lag_max_ns", schedule.lag_max);
  return schedule;
}

std::vector<SeriesEntry> take_series(const json& from) {
  std::vector<SeriesEntry> series;
  for (const json& item : from) {
    SeriesEntry& entry = series.emplace_back();
    take(item, "seconds", entry.seconds);
    take(item, "completed", entry.completed);
    take(item, "conflicts", entry.conflicts);
    take(item, "failures", entry.failures);
    take(item, "p50_ns", entry.p50);
    take(item, "p99_ns", entry.p99);
  }
  return series;
}

WorkloadPlan take_plan(const json& from) {
  WorkloadPlan plan;
  const auto mode = parse_mode(from.at("mode").get<std::string>());
  if (!mode) throw std::out_of_range("unknown mode: " + from.at("mode").dump());
  plan.mode = *mode;
  take(from, "dealers", plan.dealers);
  take(from, "chaincode_processes", plan.chaincode_processes);
  plan.sdk = from.value("sdk", "none");  // Older results have none.
  take(from, "clients", plan.clients);
  take(from, "in_flight", plan.in_flight);
  take(from, "rate", plan.rate);
  plan.duration = std::chrono::milliseconds(from.at("duration_ms").get<std::int64_t>());
  plan.warmup = std::chrono::milliseconds(from.at("warmup_ms").get<std::int64_t>());
  take(from, "gets", plan.gets);
  take(from, "puts", plan.puts);
  take(from, "range", plan.range);
  plan.think = std::chrono::milliseconds(from.at("think_ms").get<std::int64_t>());
  take(from, "payload_bytes", plan.payload_bytes);
  take(from, "keys", plan.keys);
  take(from, "hot_keys", plan.hot_keys);
  take(from, "hot_share", plan.hot_share);
  take(from, "query_share", plan.query_share);
  take(from, "churn", plan.churn);
  take(from, "channels", plan.channels);
  take(from, "channel", plan.channel);
  take(from, "chaincode", plan.chaincode);
  take(from, "arguments", plan.arguments);
  take(from, "seed", plan.seed);
  return plan;
}

LoadResult take_result(const json& from) {
  LoadResult result;
  take(from, "version", result.version);
  take(from, "durability", result.durability);
  take(from, "started_unix_ms", result.started_unix_ms);
  take(from, "cores", result.cores);
  result.plan = take_plan(from.at("plan"));
  take(from, "was_interrupted", result.was_interrupted);
  take(from, "measured_seconds", result.measured_seconds);
  result.series = take_series(from.at("series"));
  result.measured = take_totals(from.at("measured"));
  result.totals = take_totals(from.at("totals"));
  result.latency = take_histogram(from.at("latency"));
  result.invoke_latency = take_histogram(from.at("invoke_latency"));
  result.query_latency = take_histogram(from.at("query_latency"));
  result.chaincode_round_trips = take_histogram(from.at("chaincode_round_trips"));
  result.schedule = take_schedule(from.at("schedule"));
  result.blocks = take_blocks(from.at("blocks"));
  take(from, "bytes_sent", result.bytes_sent);
  take(from, "bytes_received", result.bytes_received);
  take(from, "setup_seconds", result.setup_seconds);
  take(from, "drain_seconds", result.drain_seconds);
  result.service = take_usage(from.at("usage").at("service"));
  result.chaincode = take_usage(from.at("usage").at("chaincode"));
  result.generator = take_usage(from.at("usage").at("generator"));
  result.trend = take_trend(from);
  take(from, "service_is_local", result.service_is_local);
  take(from, "other_cores", result.other_cores);
  take(from, "stolen_share", result.stolen_share);
  take(from, "failure_examples", result.failure_examples);
  take(from, "findings", result.findings);
  take(from, "discrepancies", result.discrepancies);
  return result;
}

template <class Take>
auto read(const json& from, Take&& take_it) -> Result<decltype(take_it(from))> {
  try {
    return take_it(from);
  } catch (const json::exception& error) {
    return fail(ErrorCode::kInvalid, error.what());
  } catch (const std::out_of_range& error) {
    return fail(ErrorCode::kInvalid, error.what());
  }
}

}  // namespace

ordered_json to_json(const LatencyHistogram& histogram) {
  return {{"count", histogram.count()},
          {"min_us", microseconds(histogram.min())},
          {"mean_us", microseconds(histogram.mean())},
          {"p50_us", microseconds(histogram.quantile(0.5))},
          {"p90_us", microseconds(histogram.quantile(0.9))},
          {"p99_us", microseconds(histogram.quantile(0.99))},
          {"p999_us", microseconds(histogram.quantile(0.999))},
          {"max_us", microseconds(histogram.max())},
          {"sum_ns", histogram.sum().count()},
          {"min_ns", histogram.min().count()},
          {"max_ns", histogram.max().count()},
          {"counts", histogram.counts()}};
}

ordered_json to_json(const Totals& totals) {
  return {{"sent", totals.sent},
          {"succeeded", totals.succeeded},
          {"mvcc_conflicts", totals.mvcc_conflicts},
          {"phantom_conflicts", totals.phantom_conflicts},
          {"aborted_by_churn", totals.aborted_by_churn},
          {"failed", totals.failed()},
          {"failures", totals.failures},
          {"unanswered", totals.unanswered}};
}

ordered_json to_json(const WorkloadPlan& plan) {
  return {{"mode", to_string(plan.mode)},
          {"dealers", plan.dealers},
          {"chaincode_processes", plan.chaincode_processes},
          {"sdk", plan.sdk},
          {"clients", plan.clients},
          {"in_flight", plan.in_flight},
          {"rate", plan.rate},
          {"duration_ms", plan.duration.count()},
          {"warmup_ms", plan.warmup.count()},
          {"gets", plan.gets},
          {"puts", plan.puts},
          {"range", plan.range},
          {"think_ms", plan.think.count()},
          {"payload_bytes", plan.payload_bytes},
          {"keys", plan.keys},
          {"hot_keys", plan.hot_keys},
          {"hot_share", plan.hot_share},
          {"query_share", plan.query_share},
          {"churn", plan.churn},
          {"channels", plan.channels},
          {"channel", plan.channel},
          {"chaincode", plan.chaincode},
          {"arguments", plan.arguments},
          {"seed", plan.seed}};
}

ordered_json to_json(const LoadResult& result) {
  return {{"version", result.version},
          {"durability", result.durability},
          {"started_unix_ms", result.started_unix_ms},
          {"cores", result.cores},
          {"plan", to_json(result.plan)},
          {"was_interrupted", result.was_interrupted},
          {"measured_seconds", result.measured_seconds},
          {"throughput", result.throughput()},
          {"latency", to_json(result.latency)},
          {"invoke_latency", to_json(result.invoke_latency)},
          {"query_latency", to_json(result.query_latency)},
          {"chaincode_round_trips", to_json(result.chaincode_round_trips)},
          {"measured", to_json(result.measured)},
          {"totals", to_json(result.totals)},
          {"schedule", schedule_json(result.schedule)},
          {"blocks", blocks_json(result.blocks)},
          {"bytes_sent", result.bytes_sent},
          {"bytes_received", result.bytes_received},
          {"setup_seconds", result.setup_seconds},
          {"drain_seconds", result.drain_seconds},
          {"usage",
           {{"service", usage_json(result.service)},
            {"chaincode", usage_json(result.chaincode)},
            {"generator", usage_json(result.generator)}}},
          {"trend", trend_json(result.trend)},
          {"service_is_local", result.service_is_local},
          {"other_cores", result.other_cores},
          {"stolen_share", result.stolen_share},
          {"failure_examples", result.failure_examples},
          {"findings", result.findings},
          {"discrepancies", result.discrepancies},
          {"series", series_json(result.series)}};
}

Result<LatencyHistogram> histogram_from_json(const json& from) {
  return read(from, take_histogram);
}
Result<Totals> totals_from_json(const json& from) {
  return read(from, take_totals);
}
Result<WorkloadPlan> plan_from_json(const json& from) {
  return read(from, take_plan);
}
Result<LoadResult> result_from_json(const json& from) {
  return read(from, take_result);
}

}  // namespace ccbus::load
