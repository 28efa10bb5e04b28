#include "service/cli/commands/version_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

namespace ccbus::cli {

void add_version_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "version", "Show this command's version; `ccbus status` shows the service's");
  command.footer(std::string("\nExample:\n  ccbus version\n\n") + kExitCodesHelp);
  const auto json = std::make_shared<bool>(false);
  command.add_flag("--json", *json, "Print one JSON object");
  command.callback([json, &exit_code] {
    std::cout << (*json ? "{\"version\":\"" CCBUS_VERSION "\"}" : "ccbus " CCBUS_VERSION) << "\n";
    exit_code = kSuccess;
  });
}

}  // namespace ccbus::cli
