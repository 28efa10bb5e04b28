#include "service/gateway/admin/service_status.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/metrics/resource_usage.h"

namespace ccbus::gateway {
namespace {

void add_commits(const CommitMetrics& metrics, ccbus::ChannelStatus& channel) {
  channel.set_waiting(metrics.waiting);
  for (const CommitMetrics::Stage& stage : metrics.stages) {
    ccbus::CommitStage& entry = *channel.add_stages();
    entry.set_name(std::string(stage.name));
    entry.mutable_bounds()->Add(stage.seconds.bounds.begin(), stage.seconds.bounds.end());
    entry.mutable_counts()->Add(stage.seconds.counts.begin(), stage.seconds.counts.end());
  }
}

}  // namespace

ccbus::StatusResponse service_status(Now now, const ServiceInfo& info,
                                     const chaincode::ChaincodeSupport& chaincodes,
                                     const Channels& channels, const Counters& counters) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  ccbus::StatusResponse status;
  status.set_version(info.version);
  status.set_uptime_ms(
      static_cast<std::uint64_t>(duration_cast<milliseconds>(now.steady - info.started).count()));
  status.set_durability(info.durability);
  status.set_chaincode_endpoint(info.chaincode_endpoint);
  status.set_client_endpoint(info.client_endpoint);
  for (const auto& [name, members] : chaincodes.report(now)) {
    ccbus::ChaincodeStatus* pool = status.add_chaincodes();
    pool->set_name(name);
    for (const auto& report : members) {
      ccbus::MemberStatus* member = pool->add_members();
      member->set_handler(report.handler.value);
      member->set_chaincode_id(report.registered_name);
      member->set_state(std::string(chaincode::to_string(report.state)));
      member->set_open_transactions(static_cast<std::uint32_t>(report.open_transactions));
      member->set_connected_ms(static_cast<std::uint64_t>(report.connected.count()));
      member->set_transactions(report.transactions);
      if (info.key_of_chaincode) member->set_key(info.key_of_chaincode(report.peer));
    }
  }
  for (const auto& [id, channel] : channels) {
    ccbus::ChannelStatus* entry = status.add_channels();
    entry->set_channel_id(id.value);
    entry->set_height(channel.ledger->height());
    entry->set_state_database(std::string(name_of(channel.ledger->state_database())));
    entry->set_last_block_hash(to_hex(channel.ledger->last_block_hash()));
    if (channel.metrics) add_commits(channel.metrics(), *entry);
  }
  if (info.listeners) {
    for (auto& listener : info.listeners()) *status.add_listeners() = std::move(listener);
  }
  counters.each([&](std::string_view name, std::uint64_t value) {
    (*status.mutable_counters())[std::string(name)] = value;
  });
  const ResourceUsage usage = read_resource_usage();
  status.mutable_usage()->set_cpu_us(static_cast<std::uint64_t>(usage.cpu.count()));
  status.mutable_usage()->set_resident_bytes(usage.resident_bytes);
  return status;
}

}  // namespace ccbus::gateway
