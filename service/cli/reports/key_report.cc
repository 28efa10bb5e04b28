#include "service/cli/reports/key_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "service/cli/json/json_values.h"
#include "service/security/keys/key_store.h"

namespace ccbus::cli {
namespace {

void add_keys(const KeysResponse& keys, ordered_json& report) {
  ordered_json list = ordered_json::array();
  for (const KeyStatus& key : keys.keys()) {
    ordered_json permissions = ordered_json::object();
    for (const std::string_view property : security::permission_properties()) {
      const auto at = key.permissions().find(std::string(property));
      if (at != key.permissions().end()) permissions[std::string(property)] = at->second;
    }
    list.push_back({{"name", key.name()},
                    {"public_key", key.public_key()},
                    {"permissions", std::move(permissions)},
                    {"chaincode_connections", key.chaincodes()},
                    {"client_connections", key.clients()}});
  }
  report["keys"] = std::move(list);
  report["errors"] = std::vector<std::string>(keys.errors().begin(), keys.errors().end());
}

}  // namespace

KeysResponse keys_of(const security::AllowedKeys& keys) {
  KeysResponse report;
  for (const auto& [public_key, key] : keys.by_public_key) {
    KeyStatus& status = *report.add_keys();
    status.set_name(key->name);
    status.set_public_key(public_key);
    for (auto& [property, value] : key->permissions.metadata()) {
      (*status.mutable_permissions())[property] = value;
    }
  }
  std::sort(report.mutable_keys()->begin(), report.mutable_keys()->end(),
            [](const KeyStatus& one, const KeyStatus& other) { return one.name() < other.name(); });
  for (const std::string& error : keys.errors) report.add_errors(error);
  return report;
}

std::string format_permissions(const KeyStatus& key) {
  std::string text;
  for (const std::string_view property : security::permission_properties()) {
    const auto at = key.permissions().find(std::string(property));
    if (at == key.permissions().end()) continue;
    text += (text.empty() ? "" : "; ") + std::string(property) + " " + at->second;
  }
  return text.empty() ? "nothing" : text;
}

std::string format_keys(const KeysResponse& keys) {
  if (keys.keys().empty()) return "no keys";
  std::string text;
  for (const KeyStatus& key : keys.keys()) {
    text += (text.empty() ? "" : "\n") + key.name() + "  " + key.public_key() + "\n  " +
            format_permissions(key);
    if (key.chaincodes() + key.clients() == 0) continue;
    text += "\n  connected: " + std::to_string(key.chaincodes()) + " chaincodes, " +
            std::to_string(key.clients()) + " clients";
  }
  return text;
}

std::string keys_json(const KeysResponse& keys) {
  ordered_json report = {{"ok", true}};
  add_keys(keys, report);
  return report.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string reloaded_keys_json(const client::Reply& reply) {
  ordered_json report = outcome_json(reply);
  report["has_changed"] = reply.response.keys().has_changed();
  add_keys(reply.response.keys(), report);
  return report.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace ccbus::cli
