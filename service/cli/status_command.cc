#include "service/cli/status_command.h"

#include <memory>
#include <string>

#include "service/cli/connection_options.h"
#include "service/cli/reply_printer.h"
#include "service/cli/status_report.h"

namespace ccbus::cli {
namespace {

struct StatusOptions {
  ConnectionOptions connection;
  bool json = false;
};

ExitCode status(const StatusOptions& options) {
  client::Client client(options.connection.client_options());
  return print_reply(client.status(options.connection.timeout), options.json,
                     {status_json, [](const client::Reply& success) {
                        return format_status(success.response.service_status());
                      }});
}

}  // namespace

void add_status_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App& command =
      *app.add_subcommand("status", "Show the connected chaincodes and the channels");
  options->connection.add_to(command);
  command.add_flag("--json", options->json, "Print one JSON object, the counters in it");
  command.footer(std::string("\nExample:\n  ccbus status --address tcp://127.0.0.1:7051\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = status(*options); });
}

}  // namespace ccbus::cli
