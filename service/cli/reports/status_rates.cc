#include "service/cli/reports/status_rates.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>

#include "ccbus/client.pb.h"
#include "service/load/result/accounts.h"

namespace ccbus::cli {
namespace {

template <class Number>
Number grown(Number from, Number until) {
  return until < from ? 0 : until - from;
}

const ChannelStatus* find_channel(const StatusResponse& status, const std::string& id) {
  const auto at = std::ranges::find(status.channels(), id, &ChannelStatus::channel_id);
  return at == status.channels().end() ? nullptr : &*at;
}

// Returns by how much the counts of a stage grew since `from`, which may not contain the stage.
std::vector<std::uint64_t> grown_counts(const ChannelStatus* from, const CommitStage& until) {
  std::vector<std::uint64_t> counts(until.counts().begin(), until.counts().end());
  if (from == nullptr) return counts;
  const auto before = std::ranges::find(from->stages(), until.name(), &CommitStage::name);
  if (before == from->stages().end()) return counts;
  const int known = std::min(before->counts_size(), until.counts_size());
  for (int i = 0; i < known; ++i) {
    counts[static_cast<std::size_t>(i)] = grown(before->counts(i), until.counts(i));
  }
  return counts;
}

ChannelRates channel_rates(const ChannelStatus* from, const ChannelStatus& until, double seconds) {
  ChannelRates rates;
  rates.channel_id = until.channel_id();
  rates.blocks =
      static_cast<double>(grown(from == nullptr ? 0 : from->height(), until.height())) / seconds;
  for (const CommitStage& stage : until.stages()) {
    rates.stages.push_back({stage.name(), quantile({stage.bounds().begin(), stage.bounds().end()},
                                                   grown_counts(from, stage), 0.99)});
  }
  return rates;
}

// Returns the number of transactions of every handler, by the handler's epoch.
std::map<std::uint64_t, std::uint64_t> transactions_of(const StatusResponse& status) {
  std::map<std::uint64_t, std::uint64_t> transactions;
  for (const ChaincodeStatus& chaincode : status.chaincodes()) {
    for (const MemberStatus& member : chaincode.members()) {
      transactions[member.handler()] = member.transactions();
    }
  }
  return transactions;
}

}  // namespace

std::optional<double> quantile(const std::vector<double>& bounds,
                               const std::vector<std::uint64_t>& counts, double q) {
  const auto all = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (all == 0 || bounds.empty()) return std::nullopt;
  const double rank = q * static_cast<double>(all);
  double below = 0;
  for (std::size_t i = 0; i < std::min(bounds.size(), counts.size()); ++i) {
    const auto here = static_cast<double>(counts[i]);
    if (here > 0 && below + here >= rank) {
      const double lower = i == 0 ? 0 : bounds[i - 1];
      return lower + (bounds[i] - lower) * (rank - below) / here;
    }
    below += here;
  }
  return bounds.back();
}

std::optional<StatusRates> rates_between(const StatusResponse& from, const StatusResponse& until) {
  if (until.uptime_ms() <= from.uptime_ms()) return std::nullopt;
  StatusRates rates;
  rates.seconds = static_cast<double>(until.uptime_ms() - from.uptime_ms()) / 1'000;
  const auto rate = [&](const char* counter) {
    return static_cast<double>(load::growth(from, until, counter)) / rates.seconds;
  };
  rates.look_ups = rate("gateway_look_ups");
  rates.invocations = std::max(0.0, rate("gateway_requests") - rates.look_ups);
  rates.shim_requests =
      rate("chaincode_shim_requests_completed") + rate("chaincode_shim_requests_failed");
  rates.committed = rate("ledger_transactions_valid");
  rates.invalid = rate("ledger_transactions_invalid");
  rates.blocks = rate("ledger_blocks");
  rates.block_bytes = rate("ledger_block_bytes");
  rates.cores = static_cast<double>(grown(from.usage().cpu_us(), until.usage().cpu_us())) / 1e6 /
                rates.seconds;
  for (const ChannelStatus& channel : until.channels()) {
    rates.channels.push_back(
        channel_rates(find_channel(from, channel.channel_id()), channel, rates.seconds));
  }
  const auto before = transactions_of(from);
  for (const ChaincodeStatus& chaincode : until.chaincodes()) {
    std::uint64_t transactions = 0;
    for (const MemberStatus& member : chaincode.members()) {
      const auto known = before.find(member.handler());
      transactions +=
          grown(known == before.end() ? 0 : known->second, std::uint64_t{member.transactions()});
    }
    rates.chaincodes.push_back(
        {chaincode.name(), static_cast<double>(transactions) / rates.seconds});
  }
  return rates;
}

}  // namespace ccbus::cli
