#pragma once

#include <CLI/CLI.hpp>

#include "service/config/config.h"

namespace ccbus {

// --config and --set, which ccbusd and the command that explains its configuration share, and the
// environment of this process. `sources` outlives the parsing.
inline void add_config_options(CLI::App& command, ConfigSources& sources) {
  sources.environment = environment_variables();
  command.add_option("-c,--config", sources.file,
                     "YAML file, otherwise the one that CCBUS_CONFIG names; deploy/ccbus.yaml "
                     "shows all keys");
  command
      .add_option("--set", sources.settings, "section.key=value; wins over file and environment")
      ->allow_extra_args(false);
}

}  // namespace ccbus
