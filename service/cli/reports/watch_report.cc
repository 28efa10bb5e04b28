#include "service/cli/reports/watch_report.h"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "service/cli/json/json_values.h"
#include "service/cli/reports/status_report.h"
#include "service/cli/terminal/figures.h"
#include "service/cli/terminal/table.h"

namespace ccbus::cli {
namespace {

constexpr const char* kUnknown = "-";

std::string format_time(WallTime time, const char* pattern) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, pattern, &parts)};
}

std::string utc(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string duration_text(double seconds) {
  return brief_duration(std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9)));
}

// Returns a rate, or a dash if there are no rates.
std::string rate(const std::optional<StatusRates>& rates, double StatusRates::*member,
                 const std::function<std::string(double)>& format = rounded) {
  return rates ? format((*rates).*member) : kUnknown;
}

std::uint64_t counter(const StatusResponse& status, const std::string& name) {
  const auto at = status.counters().find(name);
  return at == status.counters().end() ? 0 : at->second;
}

std::uint64_t connections(const StatusResponse& status) {
  const std::uint64_t gone = counter(status, "bus_peers_gone");
  const std::uint64_t all = counter(status, "bus_peers_connected");
  return all < gone ? 0 : all - gone;
}

struct Sums {
  std::uint64_t open_transactions = 0;
  std::uint64_t handlers = 0;
  std::uint64_t waiting = 0;
};

Sums sum_up(const StatusResponse& status) {
  Sums sums;
  for (const ChaincodeStatus& chaincode : status.chaincodes()) {
    sums.handlers += static_cast<std::uint64_t>(chaincode.members_size());
    for (const MemberStatus& member : chaincode.members()) {
      sums.open_transactions += member.open_transactions();
    }
  }
  for (const ChannelStatus& channel : status.channels()) sums.waiting += channel.waiting();
  return sums;
}

std::string format_figures(const StatusResponse& status, const std::optional<StatusRates>& rates) {
  const Sums now = sum_up(status);
  const auto bytes = [](std::uint64_t count) { return byte_count(static_cast<double>(count)); };
  const auto cores = [](double count) { return decimal(count, 2) + " cores"; };
  return format_table({
      {"A SECOND", "", "NOW", ""},
      {"invocations", rate(rates, &StatusRates::invocations), "open transactions",
       grouped(now.open_transactions)},
      {"chaincode requests", rate(rates, &StatusRates::shim_requests), "waiting for a block",
       grouped(now.waiting)},
      {"committed", rate(rates, &StatusRates::committed), "handlers", grouped(now.handlers)},
      {"invalid", rate(rates, &StatusRates::invalid), "connections", grouped(connections(status))},
      {"blocks", rate(rates, &StatusRates::blocks), "processor",
       rate(rates, &StatusRates::cores, cores)},
      {"block bytes", rate(rates, &StatusRates::block_bytes, byte_count), "memory",
       bytes(status.usage().resident_bytes())},
  });
}

std::string format_channel_rates(const StatusResponse& status,
                                 const std::optional<StatusRates>& rates) {
  if (status.channels().empty()) return "There is no channel yet.\n";
  Row heading = {"CHANNEL", "HEIGHT", "WAITING", "BLOCKS/S"};
  for (const CommitStage& stage : status.channels(0).stages()) {
    heading.push_back("P99 " + stage.name());
  }
  std::vector<Row> rows = {heading};
  for (int i = 0; i < status.channels_size(); ++i) {
    const ChannelStatus& channel = status.channels(i);
    Row row = {channel.channel_id(), grouped(channel.height()), grouped(channel.waiting())};
    row.resize(heading.size(), kUnknown);
    if (rates) {
      const ChannelRates& of_channel = rates->channels[static_cast<std::size_t>(i)];
      row[3] = rounded(of_channel.blocks);
      for (std::size_t stage = 0; stage < of_channel.stages.size() && 4 + stage < row.size();
           ++stage) {
        const auto& p99 = of_channel.stages[stage].p99_seconds;
        if (p99) row[4 + stage] = duration_text(*p99);
      }
    }
    rows.push_back(std::move(row));
  }
  return format_table(rows);
}

// "ready", or "2 ready, 1 established".
std::string states(const ChaincodeStatus& chaincode) {
  std::map<std::string, std::size_t> count;
  for (const MemberStatus& member : chaincode.members()) ++count[member.state()];
  if (count.size() == 1) return count.begin()->first;
  std::string text;
  for (const auto& [state, members] : count) {
    text += (text.empty() ? "" : ", ") + std::to_string(members) + " " + state;
  }
  return text;
}

std::string format_chaincode_rates(const StatusResponse& status,
                                   const std::optional<StatusRates>& rates) {
  if (status.chaincodes().empty()) return "No chaincode is connected.\n";
  std::vector<Row> rows = {{"CHAINCODE", "HANDLERS", "STATE", "OPEN", "TRANSACTIONS/S"}};
  for (int i = 0; i < status.chaincodes_size(); ++i) {
    const ChaincodeStatus& chaincode = status.chaincodes(i);
    std::uint64_t open = 0;
    for (const MemberStatus& member : chaincode.members()) open += member.open_transactions();
    const auto at = static_cast<std::size_t>(i);
    rows.push_back({chaincode.name(), std::to_string(chaincode.members_size()), states(chaincode),
                    grouped(open), rates ? rounded(rates->chaincodes[at].transactions) : kUnknown});
  }
  return format_table(rows);
}

ordered_json channel_rates_json(const std::vector<ChannelRates>& channels) {
  ordered_json all = ordered_json::object();
  for (const ChannelRates& channel : channels) {
    ordered_json p99 = ordered_json::object();
    for (const ChannelRates::Stage& stage : channel.stages) {
      p99[stage.name] = stage.p99_seconds ? ordered_json(*stage.p99_seconds) : ordered_json();
    }
    all[channel.channel_id] = {{"blocks", channel.blocks}, {"p99_seconds", std::move(p99)}};
  }
  return all;
}

ordered_json rates_json(const StatusRates& rates) {
  ordered_json chaincodes = ordered_json::object();
  for (const ChaincodeRates& chaincode : rates.chaincodes) {
    chaincodes[chaincode.name] = {{"transactions", chaincode.transactions}};
  }
  return {{"seconds", rates.seconds},
          {"invocations", rates.invocations},
          {"look_ups", rates.look_ups},
          {"chaincode_requests", rates.shim_requests},
          {"committed", rates.committed},
          {"invalid", rates.invalid},
          {"blocks", rates.blocks},
          {"block_bytes", rates.block_bytes},
          {"cores", rates.cores},
          {"channels", channel_rates_json(rates.channels)},
          {"chaincodes", std::move(chaincodes)}};
}

}  // namespace

std::string format_watch(const StatusResponse& status, const std::optional<StatusRates>& rates,
                         WallTime now) {
  return "ccbusd " + status.version() + ", up " + format_age(status.uptime_ms()) + ", durability " +
         status.durability() + "   " + format_time(now, "%H:%M:%S") + "\nchaincode endpoint " +
         status.chaincode_endpoint() + ", client endpoint " + status.client_endpoint() + "\n\n" +
         format_figures(status, rates) + "\n" + format_channel_rates(status, rates) + "\n" +
         format_chaincode_rates(status, rates);
}

std::string watch_json(const client::Reply& reply, const std::optional<StatusRates>& rates,
                       WallTime now) {
  ordered_json report = status_object(reply);
  report["time"] = utc(now);
  report["rates"] = rates ? rates_json(*rates) : ordered_json();
  return report.dump();
}

std::string format_no_response(const NoResponse& no_response, WallTime now) {
  std::string text = "no answer yet";
  if (no_response.since) {
    const auto lasting =
        std::chrono::duration_cast<std::chrono::milliseconds>(now - *no_response.since);
    text = "no answer since " + format_time(*no_response.since, "%H:%M:%S") + " (" +
           format_age(static_cast<std::uint64_t>(std::max<std::int64_t>(lasting.count(), 0))) + ")";
  }
  return text + ": " + no_response.reason + "\n";
}

std::string no_response_json(const client::Reply& reply, const NoResponse& no_response,
                             WallTime now) {
  ordered_json report = outcome_json(reply);
  report["message"] = no_response.reason;
  report["time"] = utc(now);
  report["last_answer"] =
      no_response.since ? ordered_json(utc(*no_response.since)) : ordered_json();
  return report.dump();
}

}  // namespace ccbus::cli
