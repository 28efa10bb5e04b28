#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/config/config.h"

namespace ccbus {

// One key as a person or a script sees it.
struct ConfigEntry {
  std::string key;            // chaincode.executetimeout
  std::string value;          // As in the file.
  std::string origin;         // default, ccbus.yaml:3, environment variable CCBUS_..., --set.
  std::string default_value;  // What it is where nobody sets it.
  std::string allowed;        // a duration of at least 1s
  std::string environment;    // CCBUS_CHAINCODE_EXECUTETIMEOUT
  std::string help;

  [[nodiscard]] bool is_changed() const { return value != default_value; }
};

// Every key, in the order of config_keys().
[[nodiscard]] std::vector<ConfigEntry> describe(const LoadedConfig& loaded);

// Errors: kNotFound, naming the nearest one that is there.
[[nodiscard]] Result<ConfigEntry> find_entry(const std::vector<ConfigEntry>& entries,
                                             std::string_view key);

// One JSON array of objects: key, value, origin, default, allowed, environment, help.
[[nodiscard]] std::string entries_json(const std::vector<ConfigEntry>& entries);

// The same, read. Errors: kInvalid it is no such array, or has no entries.
[[nodiscard]] Result<std::vector<ConfigEntry>> parse_entries(std::string_view json);

}  // namespace ccbus
