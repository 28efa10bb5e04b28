#include "service/cli/commands/command_names.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "service/config/nearest_name.h"

namespace ccbus::cli {
namespace {

// Without filter, get_subcommands() returns those that were parsed.
std::vector<const CLI::App*> subcommands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

}  // namespace

Result<void> check_command_names(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* group = &app;
  std::string path = app.get_name();
  for (const std::string& argument : arguments) {
    const auto known = subcommands_of(*group);
    if (known.empty() || argument.starts_with("-")) return {};
    const auto found =
        std::ranges::find(known, argument, [](const CLI::App* one) { return one->get_name(); });
    if (found == known.end()) {
      std::vector<std::string> names;
      for (const CLI::App* one : known) names.push_back(one->get_name());
      return fail(ErrorCode::kInvalid,
                  "'" + argument + "' is no command of " + path + "; the nearest known one is '" +
                      nearest_name(argument, names) + "'; see " + path + " --help");
    }
    group = *found;
    path += " " + argument;
  }
  return {};
}

}  // namespace ccbus::cli
