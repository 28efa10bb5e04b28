#include "service/cli/commands/config_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "service/cli/commands/operations_client.h"
#include "service/cli/reports/config_report.h"
#include "service/config/config_entries.h"
#include "service/config/config_options.h"

namespace ccbus::cli {
namespace {

using Entries = std::vector<ConfigEntry>;

struct ShowOptions {
  ConfigSources sources;
  OperationsOptions operations;
  std::string key;  // Empty: all keys.
  bool running = false;
  bool changed = false;
  bool json = false;
};

ExitCode print(const ShowOptions& options, Entries entries) {
  if (!options.key.empty()) {
    const auto found = find_entry(entries, options.key);
    if (!found) {
      std::cerr << found.error().message << "\n";
      return kUsage;
    }
    entries = {*found};
  }
  if (options.json) {
    if (options.changed) std::erase_if(entries, std::not_fn(&ConfigEntry::is_changed));
    std::cout << entries_json(entries) << "\n";
  } else if (!options.key.empty()) {
    std::cout << format_entry(entries.front());
  } else {
    std::cout << (options.changed ? format_changes(entries) : format_config(entries));
  }
  return kSuccess;
}

ExitCode show_running(const ShowOptions& options) {
  const auto answer = ask_operations(options.operations, {"/configz"});
  if (!answer) return report_no_response(answer.error());
  if (answer->status == 401 || answer->status == 403) return report_refusal(*answer);
  auto entries = parse_entries(answer->body);
  if (answer->status != 200 || !entries) {
    std::cerr << options.operations.address << " does not answer as ccbusd does: status "
              << answer->status << (entries ? "" : ", " + entries.error().message) << "\n";
    return kRefused;
  }
  return print(options, std::move(*entries));
}

ExitCode show(const ShowOptions& options) {
  if (options.running) return show_running(options);
  const auto loaded = load_config(options.sources);
  if (!loaded) {
    std::cerr << loaded.error().message << "\n";
    return kUsage;
  }
  return print(options, describe(*loaded));
}

void add_show(CLI::App& config, ExitCode& exit_code) {
  const auto options = std::make_shared<ShowOptions>();
  CLI::App& command = *config.add_subcommand(
      "show", "Show the value that ccbusd would use for every key, and its source");
  CLI::Option* const key = command.add_option("KEY", options->key, "Everything about one key");
  add_config_options(command, options->sources);
  command
      .add_flag("--changed", options->changed, "Only the keys whose values are not the defaults")
      ->excludes(key);
  command
      .add_flag("--running", options->running,
                "The values of the running service, as it reports them")
      ->excludes("--config")
      ->excludes("--set");
  options->operations.add_to(command);
  command.add_flag("--json", options->json,
                   "Print one JSON array of objects: key, value, origin, default, allowed, "
                   "environment, help");
  command.footer(
      "\nExample:\n"
      "  ccbus config show --config /etc/ccbus/ccbus.yaml --changed\n"
      "  ccbus config show chaincode.executetimeout --set chaincode.executetimeout=10s\n"
      "  ccbus config show --running --address http://127.0.0.1:9443\n\n"
      "Exit codes: 0 success, 1 what answers is no ccbusd, 2 wrong usage or configuration, 3\n"
      "service unreachable.");
  command.callback([options, &exit_code] { exit_code = show(*options); });
}

void add_reference(CLI::App& config, ExitCode& exit_code) {
  CLI::App& command = *config.add_subcommand(
      "reference", "Print the meaning and the allowed values of every key, as Markdown");
  command.footer(
      "\nExample:\n  ccbus config reference > docs/configuration.md\n\n"
      "Exit codes: 0 success, 2 wrong usage.");
  command.callback([&exit_code] {
    std::cout << config_reference();
    exit_code = kSuccess;
  });
}

}  // namespace

void add_config_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& config = *app.add_subcommand("config", "The service's configuration");
  config.require_subcommand(1);
  add_show(config, exit_code);
  add_reference(config, exit_code);
}

}  // namespace ccbus::cli
