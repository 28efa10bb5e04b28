#include "service/config/config_entries.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "service/config/nearest_name.h"

namespace ccbus {
namespace {

using nlohmann::ordered_json;

// The members and their names in JSON, for writing and reading.
struct Field {
  const char* name;
  std::string ConfigEntry::*member;
};
constexpr Field kFields[] = {
    {"key", &ConfigEntry::key},         {"value", &ConfigEntry::value},
    {"origin", &ConfigEntry::origin},   {"default", &ConfigEntry::default_value},
    {"allowed", &ConfigEntry::allowed}, {"environment", &ConfigEntry::environment},
    {"help", &ConfigEntry::help},
};

}  // namespace

std::vector<ConfigEntry> describe(const LoadedConfig& loaded) {
  return describe(config_keys(), loaded.config, loaded.origins, kEnvironmentPrefix);
}

Result<ConfigEntry> find_entry(const std::vector<ConfigEntry>& entries, std::string_view key) {
  const auto at = std::ranges::find(entries, key, &ConfigEntry::key);
  if (at != entries.end()) return *at;
  std::vector<std::string> known;
  for (const ConfigEntry& entry : entries) known.push_back(entry.key);
  return fail(ErrorCode::kNotFound, "unknown key '" + std::string(key) +
                                        "'; the nearest known one is '" + nearest_name(key, known) +
                                        "'");
}

std::string entries_json(const std::vector<ConfigEntry>& entries) {
  ordered_json list = ordered_json::array();
  for (const ConfigEntry& entry : entries) {
    ordered_json object;
    for (const Field& field : kFields) object[field.name] = entry.*field.member;
    list.push_back(std::move(object));
  }
  // A path in the configuration may not be valid UTF-8.
  return list.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<std::vector<ConfigEntry>> parse_entries(std::string_view json) {
  const auto list = ordered_json::parse(json, nullptr, false);
  if (!list.is_array() || list.empty()) {
    return fail(ErrorCode::kInvalid, "no JSON array of configuration keys");
  }
  std::vector<ConfigEntry> entries;
  for (const ordered_json& object : list) {
    ConfigEntry& entry = entries.emplace_back();
    for (const Field& field : kFields) {
      if (!object.is_object() || !object.contains(field.name) || !object[field.name].is_string()) {
        return fail(ErrorCode::kInvalid, "entry " + std::to_string(entries.size()) +
                                             " of the configuration has no text '" + field.name +
                                             "'");
      }
      entry.*field.member = object[field.name].get<std::string>();
    }
  }
  return entries;
}

}  // namespace ccbus
