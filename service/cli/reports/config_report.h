#pragma once

#include <string>
#include <vector>

#include "service/config/config_entries.h"

namespace ccbus::cli {

// The keys with their values and origins, a line each. Ends with a line break.
[[nodiscard]] std::string format_config(const std::vector<ConfigEntry>& entries);

// Only those whose value is not the default, which is shown beside it.
[[nodiscard]] std::string format_changes(const std::vector<ConfigEntry>& entries);

// All that there is to say about one key.
[[nodiscard]] std::string format_entry(const ConfigEntry& entry);

// docs/configuration.md: every key by section, and how the sources work together.
[[nodiscard]] std::string config_reference();

}  // namespace ccbus::cli
