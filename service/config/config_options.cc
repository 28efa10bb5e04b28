#include "service/config/config_options.h"

#include <CLI/CLI.hpp>

namespace ccbus {

void add_config_options(CLI::App& command, ConfigSources& sources) {
  sources.environment = environment_variables();
  command.add_option("-c,--config", sources.file,
                     "YAML file, otherwise the one that CCBUS_CONFIG names; deploy/ccbus.yaml "
                     "shows all keys");
  add_settings_option(command, sources.settings, "wins over file and environment");
}

CLI::Option* add_settings_option(CLI::App& command, std::vector<std::string>& settings,
                                 const std::string& help) {
  return command.add_option("--set", settings, help)
      ->type_name("section.key=value")
      ->allow_extra_args(false);  // separate_settings() takes care of them.
}

std::vector<std::string> separate_settings(const std::vector<std::string>& arguments) {
  constexpr std::string_view kSet = "--set";
  std::vector<std::string> separated;
  bool is_behind_set = false;  // Behind --set and its first setting.
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const bool is_option = argument.starts_with("-");
    if (is_behind_set && !is_option && argument.find('=') != std::string::npos) {
      separated.emplace_back(kSet);
    } else {
      is_behind_set = argument.starts_with("--set=") || (i > 0 && arguments[i - 1] == kSet);
    }
    separated.push_back(argument);
  }
  return separated;
}

}  // namespace ccbus
