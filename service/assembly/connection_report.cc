#include "service/assembly/connection_report.h"

#include <algorithm>
#include <utility>

namespace ccbus {
namespace {

using operations::Connection;
using operations::Page;

std::chrono::milliseconds milliseconds_between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(to - from);
}

Connection connection_of(Now now, PeerId peer, const ReportedEndpoint& at) {
  Connection connection;
  connection.peer = peer.value;
  connection.key = at.holders.of(peer).name;
  if (auto report = at.endpoint.report(peer)) {
    connection.remote = std::move(report->remote);
    connection.silent = milliseconds_between(report->last_heard, now.steady);
    connection.queued_messages = report->queued.messages;
    connection.queued_bytes = report->queued.bytes;
  }
  return connection;
}

bool is_on(Page page, std::size_t position) {
  return position >= page.offset && position - page.offset < page.limit;
}

}  // namespace

operations::Connections report_connections(Now now, Page page,
                                           const chaincode::ChaincodeSupport& chaincodes,
                                           const ReportedEndpoint& chaincode_endpoint,
                                           const ReportedEndpoint& client_endpoint) {
  operations::Connections report;
  for (const auto& [name, members] : chaincodes.report(now)) {
    for (const auto& member : members) {
      if (!is_on(page, report.handlers_total++)) continue;
      report.handlers.push_back({connection_of(now, member.peer, chaincode_endpoint),
                                 member.handler.value, name, member.registered_name,
                                 std::string(chaincode::to_string(member.state)),
                                 member.open_transactions, member.transactions, member.connected});
    }
  }
  std::vector<PeerId> clients = client_endpoint.endpoint.connected();
  std::ranges::sort(clients);
  for (const PeerId client : clients) {
    if (!is_on(page, report.clients_total++)) continue;
    report.clients.push_back(connection_of(now, client, client_endpoint));
  }
  return report;
}

std::vector<ccbus::ListenerStatus> report_listeners(const bus::RouterEndpoint& endpoint) {
  std::vector<ccbus::ListenerStatus> statuses;
  const auto& listeners = endpoint.listeners().all();
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    if (listeners[i].bound.empty()) continue;  // It has ended.
    ccbus::ListenerStatus& status = statuses.emplace_back();
    status.set_endpoint(endpoint.name());
    status.set_address(listeners[i].address);
    status.set_connections(endpoint.connections_of(i));
  }
  return statuses;
}

std::string listening_address(const bus::RouterEndpoint& endpoint) {
  for (const auto& listener : endpoint.listeners().all()) {
    if (!listener.bound.empty()) return listener.address;
  }
  return endpoint.address();
}

}  // namespace ccbus
