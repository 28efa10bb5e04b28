#pragma once

#include <string>
#include <vector>

#include "service/config/config.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ccbus {

// Adds --config and --set, which ccbusd and `ccbus config` share, and puts the environment of this
// process into `sources`, which outlives the parsing.
void add_config_options(CLI::App& command, ConfigSources& sources);

// Adds --set; `settings` outlives the parsing.
CLI::Option* add_settings_option(CLI::App& command, std::vector<std::string>& settings,
                                 const std::string& help);

// Returns the arguments so that each of the settings behind one --set has a --set of its own:
// "--set a.b=1 c.d=2 KEY" becomes "--set a.b=1 --set c.d=2 KEY". What has no "=" is no setting.
[[nodiscard]] std::vector<std::string> separate_settings(const std::vector<std::string>& arguments);

}  // namespace ccbus
