#include "service/config/config_options.h"

#include <CLI/CLI.hpp>

namespace ccbus {

void add_config_options(CLI::App& command, ConfigSources& sources) {
  sources.environment = environment_variables();
  command.add_option("-c,--config", sources.file,
                     "YAML file, otherwise the one that CCBUS_CONFIG names; deploy/ccbus.yaml "
                     "shows all keys");
  command
      .add_option("--set", sources.settings, "section.key=value; wins over file and environment")
      ->allow_extra_args(false);
}

}  // namespace ccbus
