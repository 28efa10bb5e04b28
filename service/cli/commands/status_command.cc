#include "service/cli/commands/status_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "service/base/duration.h"
#include "service/cli/commands/argument_checks.h"
#include "service/cli/commands/bridge_status.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/operations_client.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/commands/status_watch.h"
#include "service/cli/reports/status_report.h"

namespace ccbus::cli {
namespace {

using std::chrono::milliseconds;

struct StatusOptions {
  ConnectionOptions connection;
  OperationsOptions bridge;
  bool is_watch = false;
  WatchOptions watch;  // Its `json` also applies without --watch.
};

ExitCode status(const StatusOptions& options) {
  if (options.is_watch) return watch_status(options.connection, options.watch);
  client::Client client(options.connection.client_options());
  return print_reply(
      client.status(options.connection.timeout), options.watch.json,
      {[&](const client::Reply& reply) {
         return options.bridge.address.empty() ? status_json(reply)
                                               : with_bridge(status_json(reply), options.bridge);
       },
       [&](const client::Reply& success) {
         const std::string text = format_status(success.response.service_status());
         return options.bridge.address.empty() ? text : text + format_bridge(options.bridge);
       }});
}

void parse_interval(const std::string& text, milliseconds& interval) {
  constexpr milliseconds kMin{100};
  constexpr milliseconds kMax{3'600'000};
  const auto parsed = parse_duration(text);
  if (!parsed) throw CLI::ValidationError("--interval", parsed.error().message);
  if (*parsed < kMin || *parsed > kMax) {
    throw CLI::ValidationError("--interval", "'" + text + "' is not from " + format_duration(kMin) +
                                                 " to " + format_duration(kMax));
  }
  interval = *parsed;
}

}  // namespace

void add_status_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App& command =
      *app.add_subcommand("status", "Show the connected chaincodes and the channels");
  options->connection.add_to(command);
  options->bridge.add_to(command, OperationsOptions::Of::kBridgeIfNamed);
  CLI::Option* const watch = command.add_flag("--watch", options->is_watch,
                                              "Refresh them repeatedly, with rates, until Ctrl-C");
  command
      .add_option_function<std::string>(
          "--interval",
          [options](const std::string& text) { parse_interval(text, options->watch.interval); },
          "Time between two refreshes, 100ms to 1h")
      ->default_str(format_duration(options->watch.interval))
      ->needs(watch);
  command.add_option("--count", options->watch.count, "End after this many refreshes")
      ->check(check_number)
      ->needs(watch);
  command.add_flag("--json", options->watch.json,
                   "Print one JSON object with the counters; with --watch one per line");
  command.footer(std::string("\nExample:\n  ccbus status --address tcp://127.0.0.1:7051\n"
                             "  ccbus status --bridge http://127.0.0.1:9444\n"
                             "  ccbus status --watch --interval 2s\n"
                             "  ccbus status --watch --count 10 --json\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = status(*options); });
}

}  // namespace ccbus::cli
