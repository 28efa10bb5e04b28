// The end of a run: fills in the result from everything that was counted.
#include <algorithm>
#include <string>
#include <utility>

#include "service/base/endpoint_address.h"
#include "service/load/result/accounts.h"
#include "service/load/result/verdict.h"
#include "service/load/run/load_run.h"

namespace ccbus::load {
namespace {

// As the service itself reports it in two statuses, which also works for a service on another
// machine.
Usage usage_between(const StatusResponse& from, const StatusResponse& until) {
  Usage usage;
  const auto milliseconds = static_cast<double>(until.uptime_ms() - from.uptime_ms());
  if (until.usage().resident_bytes() == 0 || milliseconds <= 0) return usage;
  usage.is_known = true;
  usage.processes = 1;
  usage.resident_bytes = until.usage().resident_bytes();
  usage.cores =
      static_cast<double>(until.usage().cpu_us() - from.usage().cpu_us()) / 1'000 / milliseconds;
  return usage;
}

Blocks blocks_between(const StatusResponse& from, const StatusResponse& until) {
  const auto grown = [&](const char* counter) { return growth(from, until, counter); };
  Blocks blocks;
  blocks.blocks = grown("ledger_blocks");
  blocks.transactions = grown("ledger_transactions_valid") + grown("ledger_transactions_invalid");
  blocks.commit_time =
      std::chrono::microseconds(static_cast<std::int64_t>(grown("ledger_commit_microseconds")));
  return blocks;
}

}  // namespace

void LoadRun::conclude() {
  conclude_operations();
  conclude_usage();
  conclude_accounts();
  result_.findings = find_bottlenecks(result_);
  if (is_shared_) {
    result_.findings.push_back(
        "Others invoked something meanwhile: the service's counters were not compared with the "
        "run's.");
  }
}

void LoadRun::conclude_operations() {
  const bool by_dealers = plan_.mode == Mode::kHandler;
  const OutcomeTally& operations = by_dealers ? report_->round_trips : tally();
  result_.measured_seconds = window_.seconds();
  result_.series = operations.series();
  result_.measured = operations.measured();
  result_.totals = operations.totals();
  result_.latency = operations.latency();
  if (plan_.mode == Mode::kMixed) {
    result_.invoke_latency = generator_->invokes().latency();
    result_.query_latency = generator_->queries().latency();
  }
  result_.schedule = churn_ ? churn_->schedule() : generator_->schedule();
  if (report_) result_.chaincode_round_trips = report_->round_trips.latency();
  result_.failure_examples = churn_ ? churn_->examples() : generator_->examples();
}

void LoadRun::conclude_usage() {
  result_.generator = usage_between(from_.generator, until_.generator);
  result_.chaincode = usage_between(from_.chaincode, until_.chaincode);
  result_.service = usage_between(from_.service, until_.service);
  result_.trend = trend_of(result_.series);
  trend_samples_->add_busiest(result_.trend);
  result_.bytes_sent = until_.bytes_sent - from_.bytes_sent;
  result_.bytes_received = until_.bytes_received - from_.bytes_received;
  if (report_) {
    result_.bytes_sent += report_->bytes_sent;
    result_.bytes_received += report_->bytes_received;
  }
  if (!from_.status || !until_.status) return;
  if (service_ == nullptr) result_.service = usage_between(*from_.status, *until_.status);
  result_.service_is_local = service_ != nullptr || is_local_endpoint(client_endpoint_);
  const double ours = result_.generator.cores + result_.chaincode.cores +
                      (result_.service_is_local ? result_.service.cores : 0);
  result_.other_cores = std::max(0.0, busy_cores(from_.machine, until_.machine) - ours);
  result_.stolen_share = stolen_share(from_.machine, until_.machine);
  result_.blocks = blocks_between(*from_.status, *until_.status);
}

void LoadRun::conclude_accounts() {
  const Totals requests = generator_->tally().totals();
  const Totals invokes = generator_->invokes().totals();
  // The SDK decides by itself how many requests a call becomes, for pages and batches.
  const bool are_requests = report_ && !plan_.uses_sdk();
  const Totals round_trips = are_requests ? report_->round_trips.totals() : Totals();
  Accounts accounts = check_accounts({before_, after_, requests.sent + generator_->continued()},
                                     result_.totals, invokes, round_trips);
  result_.discrepancies = std::move(accounts.discrepancies);
  is_shared_ = accounts.is_shared;
  if (plan_.mode != Mode::kHandler) return;
  if (const std::uint64_t lost = requests.failed() + requests.unanswered; lost != 0) {
    result_.discrepancies.push_back(std::to_string(lost) + " of " + std::to_string(requests.sent) +
                                    " transactions that were to be held open did not end well");
  }
}

void LoadRun::stop() {
  if (dealers_ && !dealers_->stop()) {
    result_.discrepancies.emplace_back("a chaincode process did not end well");
  }
}

}  // namespace ccbus::load
