#include "service/cli/commands/logs_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "service/cli/commands/operations_client.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;

struct LevelOptions {
  OperationsOptions operations;
  std::string level;  // Empty: only show the current one.
  bool json = false;
};

ExitCode level(const LevelOptions& options) {
  if (!options.level.empty()) {
    const auto set = ask_operations(
        options.operations,
        {"/logspec", "PUT",
         json{{"spec", options.level}}.dump(-1, ' ', false, json::error_handler_t::replace)});
    if (!set) return report_no_response(set.error());
    if (set->status != 204) return report_refusal(*set);
  }
  const auto shown = ask_operations(options.operations, {"/logspec"});
  if (!shown) return report_no_response(shown.error());
  const std::string spec = text_at(shown->object(), "spec", "");
  if (shown->status != 200 || spec.empty()) return report_refusal(*shown);
  std::cout << (options.json ? json{{"spec", spec}}.dump() : spec) << "\n";
  return kSuccess;
}

}  // namespace

void add_logs_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& logs = *app.add_subcommand("logs", "The service's log");
  logs.require_subcommand(1);
  const auto options = std::make_shared<LevelOptions>();
  CLI::App& command = *logs.add_subcommand("level", "Show or set how much the service logs");
  command.add_option("LEVEL", options->level,
                     "trace, debug, info, warn, error or off; without it the level is only shown");
  options->operations.add_to(command);
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(std::string("\nExample:\n  ccbus logs level debug\n\n") + kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = level(*options); });
}

}  // namespace ccbus::cli
