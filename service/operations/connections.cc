#include "service/operations/connections.h"

#include <nlohmann/json.hpp>

namespace ccbus::operations {
namespace {

using nlohmann::json;

json connection_json(const Connection& connection) {
  return {{"peer", connection.peer},
          {"remote", connection.remote},
          {"key", connection.key},
          {"last_heard_ms", connection.silent.count()},
          {"queued_messages", connection.queued_messages},
          {"queued_bytes", connection.queued_bytes}};
}

json handler_json(const HandlerConnection& handler) {
  json entry = connection_json(handler.connection);
  entry.update({{"handler", handler.handler},
                {"chaincode", handler.chaincode},
                {"registered_as", handler.registered_as},
                {"state", handler.state},
                {"open_transactions", handler.open_transactions},
                {"transactions", handler.transactions},
                {"connected_ms", handler.connected.count()}});
  return entry;
}

}  // namespace

json connections_json(const Connections& connections, Page page) {
  json handlers = json::array();
  for (const HandlerConnection& handler : connections.handlers) {
    handlers.push_back(handler_json(handler));
  }
  json clients = json::array();
  for (const Connection& client : connections.clients) clients.push_back(connection_json(client));
  return {{"offset", page.offset},
          {"limit", page.limit},
          {"total", connections.handlers_total},
          {"handlers", std::move(handlers)},
          {"clients_total", connections.clients_total},
          {"clients", std::move(clients)}};
}

}  // namespace ccbus::operations
