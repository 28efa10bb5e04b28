#pragma once

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

// Describes every key, in the order of config_keys().
[[nodiscard]] std::vector<ConfigEntry> describe(const LoadedConfig& loaded);

// Errors: kNotFound, naming the nearest existing key.
[[nodiscard]] Result<ConfigEntry> find_entry(const std::vector<ConfigEntry>& entries,
                                             std::string_view key);

// Writes a JSON array of objects: key, value, origin, default, allowed, environment, help.
[[nodiscard]] std::string entries_json(const std::vector<ConfigEntry>& entries);

// Reads what entries_json() writes. Errors: kInvalid if it is not such an array, or is empty.
[[nodiscard]] Result<std::vector<ConfigEntry>> parse_entries(std::string_view json);

}  // namespace ccbus
