#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/config/config.h"

namespace ccbus {

// One key with everything that is shown about it.
struct ConfigEntry {
  std::string key;            // chaincode.executetimeout
  std::string value;          // As it would be written in the file.
  std::string origin;         // default, ccbus.yaml:3, environment variable CCBUS_..., --set.
  std::string default_value;  // Its value if no source sets it.
  std::string allowed;        // a duration of at least 1s
  std::string environment;    // CCBUS_CHAINCODE_EXECUTETIMEOUT
  std::string help;

  [[nodiscard]] bool is_changed() const { return value != default_value; }
};

// Describes every key of a program, in their order. `origins` has the source of each value that was
// set, by the key's path; `prefix` is that of its variables.
template <class Values>
[[nodiscard]] std::vector<ConfigEntry> describe(
    std::span<const KeyOf<Values>> keys, const Values& values,
    const std::map<std::string_view, std::string>& origins, std::string_view prefix) {
  const Values defaults;
  std::vector<ConfigEntry> entries;
  for (const KeyOf<Values>& key : keys) {
    const auto set = origins.find(key.path);
    entries.push_back({
        .key = std::string(key.path),
        .value = key.show(values),
        .origin = set == origins.end() ? "default" : set->second,
        .default_value = key.show(defaults),
        .allowed = key.allowed(),
        .environment = environment_name(prefix, key.path),
        .help = std::string(key.help),
    });
  }
  return entries;
}

// Describes every key of the service, in the order of config_keys().
[[nodiscard]] std::vector<ConfigEntry> describe(const LoadedConfig& loaded);

// Errors: kNotFound, naming the nearest existing key.
[[nodiscard]] Result<ConfigEntry> find_entry(const std::vector<ConfigEntry>& entries,
                                             std::string_view key);

// Writes a JSON array of objects: key, value, origin, default, allowed, environment, help.
[[nodiscard]] std::string entries_json(const std::vector<ConfigEntry>& entries);

// Reads what entries_json() writes. Errors: kInvalid if it is not such an array, or is empty.
[[nodiscard]] Result<std::vector<ConfigEntry>> parse_entries(std::string_view json);

}  // namespace ccbus
