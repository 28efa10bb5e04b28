#pragma once

#include "service/config/config.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus {

// Adds --config and --set, which ccbusd and `ccbus config` share, and puts the environment of this
// process into `sources`, which outlives the parsing.
void add_config_options(CLI::App& command, ConfigSources& sources);

}  // namespace ccbus
