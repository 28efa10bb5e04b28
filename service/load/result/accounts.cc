#include "service/load/result/accounts.h"

namespace ccbus::load {
namespace {

std::uint64_t counter(const StatusResponse& status, const std::string& name) {
  const auto found = status.counters().find(name);
  return found == status.counters().end() ? 0 : found->second;
}

void expect_equal(const std::string& what, std::uint64_t counted, const std::string& by_whom,
                  std::uint64_t expected, std::vector<std::string>& discrepancies) {
  if (counted == expected) return;
  discrepancies.push_back(what + ": " + std::to_string(counted) + " by " + by_whom + ", " +
                          std::to_string(expected) + " here");
}

void expect_sum(const std::string& what, const Totals& totals,
                std::vector<std::string>& discrepancies) {
  const std::uint64_t ended = totals.answered() + totals.unanswered;
  if (totals.sent == ended) return;
  discrepancies.push_back(what + ": " + std::to_string(totals.sent) + " were sent, " +
                          std::to_string(ended) + " ended or are unanswered");
}

}  // namespace

std::uint64_t growth(const StatusResponse& from, const StatusResponse& until,
                     const std::string& name) {
  const std::uint64_t before = counter(from, name);
  const std::uint64_t after = counter(until, name);
  return after < before ? 0 : after - before;
}

Accounts check_accounts(const Ledgers& ledgers, const Totals& operations, const Totals& invokes,
                        const Totals& round_trips) {
  Accounts accounts;
  std::vector<std::string>& wrong = accounts.discrepancies;
  expect_sum("operations", operations, wrong);
  expect_sum("round trips of the dealers", round_trips, wrong);
  const auto grown = [&ledgers](const std::string& name) {
    return growth(ledgers.before, ledgers.after, name);
  };
  accounts.is_shared =
      grown("gateway_requests") - grown("gateway_look_ups") != ledgers.own_invocations;
  if (accounts.is_shared) return accounts;
  expect_equal("valid transactions", grown("ledger_transactions_valid"), "the ledger",
               invokes.succeeded, wrong);
  if (invokes.failed() + invokes.unanswered + invokes.aborted_by_churn == 0) {
    expect_equal("invalid transactions", grown("ledger_transactions_invalid"), "the ledger",
                 invokes.conflicts(), wrong);
  }
  if (round_trips.sent != 0 && round_trips.unanswered == 0) {
    expect_equal("requests of the dealers", grown("chaincode_shim_requests_completed"),
                 "the service", round_trips.succeeded, wrong);
  }
  return accounts;
}

}  // namespace ccbus::load
