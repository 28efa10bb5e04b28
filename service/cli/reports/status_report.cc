#include "service/cli/reports/status_report.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "service/cli/json/json_values.h"
#include "service/cli/terminal/table.h"

namespace ccbus::cli {
namespace {

bool are_keys_asked_for(const StatusResponse& status) {
  return !status.own_key().name().empty();
}

std::string format_chaincodes(const StatusResponse& status) {
  if (status.chaincodes().empty()) return "No chaincode is connected.\n";
  std::vector<Row> rows{
      {"CHAINCODE", "MEMBER", "REGISTERED AS", "STATE", "OPEN", "TRANSACTIONS", "CONNECTED"}};
  const bool with_keys = are_keys_asked_for(status);
  if (with_keys) rows.front().push_back("KEY");
  for (const ChaincodeStatus& chaincode : status.chaincodes()) {
    for (const MemberStatus& member : chaincode.members()) {
      rows.push_back({chaincode.name(), std::to_string(member.handler()), member.chaincode_id(),
                      member.state(), std::to_string(member.open_transactions()),
                      std::to_string(member.transactions()), format_age(member.connected_ms())});
      if (with_keys) rows.back().push_back(member.key());
    }
  }
  return format_table(rows);
}

// Empty unless an endpoint has two addresses, as it has while the service's key is replaced.
std::string format_listeners(const StatusResponse& status) {
  std::set<std::string> endpoints;
  for (const ListenerStatus& listener : status.listeners()) endpoints.insert(listener.endpoint());
  if (static_cast<std::size_t>(status.listeners_size()) == endpoints.size()) return {};
  std::vector<Row> rows{{"ENDPOINT", "ADDRESS", "CONNECTIONS"}};
  for (const ListenerStatus& listener : status.listeners()) {
    rows.push_back(
        {listener.endpoint(), listener.address(), std::to_string(listener.connections())});
  }
  return "\n" + format_table(rows);
}

ordered_json listener_list(const StatusResponse& status) {
  ordered_json list = ordered_json::array();
  for (const ListenerStatus& listener : status.listeners()) {
    list.push_back({{"endpoint", listener.endpoint()},
                    {"address", listener.address()},
                    {"connections", listener.connections()}});
  }
  return list;
}

ordered_json members_json(const ChaincodeStatus& chaincode) {
  ordered_json members = ordered_json::array();
  for (const MemberStatus& member : chaincode.members()) {
    members.push_back({{"handler", member.handler()},
                       {"chaincode_id", member.chaincode_id()},
                       {"state", member.state()},
                       {"open_transactions", member.open_transactions()},
                       {"transactions", member.transactions()},
                       {"connected_ms", member.connected_ms()},
                       {"key", member.key()}});
  }
  return members;
}

ordered_json channel_list(const StatusResponse& status) {
  ordered_json list = ordered_json::array();
  for (const ChannelStatus& channel : status.channels()) {
    list.push_back({{"channel_id", channel.channel_id()},
                    {"height", channel.height()},
                    {"waiting", channel.waiting()},
                    {"state_database", channel.state_database()},
                    {"last_block_hash", channel.last_block_hash()}});
  }
  return list;
}

// Empty if no table of an earlier version is left to rewrite.
std::string format_rewriting(const StatusResponse& status) {
  const auto count = [&](const char* name) {
    const auto at = status.counters().find(name);
    return at == status.counters().end() ? std::uint64_t{0} : at->second;
  };
  const std::uint64_t found = count("ledger_old_tables_found");
  const std::uint64_t rewritten = count("ledger_old_tables_rewritten");
  if (rewritten >= found) return {};
  return "tables of an earlier version rewritten: " + std::to_string(rewritten) + " of " +
         std::to_string(found) + "\n";
}

}  // namespace

std::string format_channels(const StatusResponse& status) {
  if (status.channels().empty()) return "There is no channel yet.\n";
  std::vector<Row> rows{{"CHANNEL", "HEIGHT", "STATE DATABASE", "LAST BLOCK"}};
  for (const ChannelStatus& channel : status.channels())
    rows.push_back({channel.channel_id(), std::to_string(channel.height()),
                    channel.state_database(),
                    channel.last_block_hash().empty() ? "-" : channel.last_block_hash()});
  return format_table(rows);
}

std::string channels_json(const client::Reply& reply) {
  ordered_json report = outcome_json(reply);
  report["channels"] = channel_list(reply.response.service_status());
  return report.dump();
}

ordered_json status_object(const client::Reply& reply) {
  ordered_json report = outcome_json(reply);
  if (!reply.error.ok()) return report;
  const StatusResponse& status = reply.response.service_status();
  report["version"] = status.version();
  report["uptime_ms"] = status.uptime_ms();
  report["durability"] = status.durability();
  report["chaincode_endpoint"] = status.chaincode_endpoint();
  report["client_endpoint"] = status.client_endpoint();
  report["listeners"] = listener_list(status);
  report["chaincodes"] = ordered_json::array();
  for (const ChaincodeStatus& chaincode : status.chaincodes()) {
    report["chaincodes"].push_back(
        {{"name", chaincode.name()}, {"members", members_json(chaincode)}});
  }
  report["channels"] = channel_list(status);
  report["usage"] = {{"cpu_us", status.usage().cpu_us()},
                     {"resident_bytes", status.usage().resident_bytes()}};
  report["counters"] =
      std::map<std::string, std::uint64_t>(status.counters().begin(), status.counters().end());
  return report;
}

std::string status_json(const client::Reply& reply) {
  return status_object(reply).dump();
}

std::string format_age(std::uint64_t milliseconds) {
  if (milliseconds < 1'000) return std::to_string(milliseconds) + " ms";
  const std::uint64_t seconds = milliseconds / 1'000;
  const struct {
    std::uint64_t count;
    const char* name;
  } units[] = {{seconds / 86'400, " d"},
               {seconds / 3'600 % 24, " h"},
               {seconds / 60 % 60, " min"},
               {seconds % 60, " s"}};
  const auto* const first =
      std::find_if(std::begin(units), std::end(units), [](const auto& u) { return u.count != 0; });
  std::string text = std::to_string(first->count) + first->name;
  const auto* const second = first + 1;
  if (second != std::end(units) && second->count != 0)
    text += " " + std::to_string(second->count) + second->name;
  return text;
}

std::string format_status(const StatusResponse& status) {
  const std::string own_key =
      are_keys_asked_for(status) ? "connected with key " + status.own_key().name() + "\n" : "";
  return "ccbusd " + status.version() + ", up " + format_age(status.uptime_ms()) + ", durability " +
         status.durability() + "\nchaincode endpoint " + status.chaincode_endpoint() +
         ", client endpoint " + status.client_endpoint() + "\n" + own_key +
         format_rewriting(status) + format_listeners(status) + "\n" + format_chaincodes(status) +
         "\n" + format_channels(status);
}

}  // namespace ccbus::cli
