#pragma once

#include <string>
#include <vector>

#include "service/config/config_entries.h"

namespace ccbus::cli {

// Lists the keys with their values and origins, one on each line. Ends with a line break.
[[nodiscard]] std::string format_config(const std::vector<ConfigEntry>& entries);

// Lists only the keys whose values differ from the defaults, which are shown beside them.
[[nodiscard]] std::string format_changes(const std::vector<ConfigEntry>& entries);

// Writes everything about one key.
[[nodiscard]] std::string format_entry(const ConfigEntry& entry);

// Writes docs/configuration.md: every key by section, and the precedence of the sources.
[[nodiscard]] std::string config_reference();

}  // namespace ccbus::cli
