#include "service/cli/status_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "service/cli/connection_options.h"
#include "service/cli/outcome.h"
#include "service/cli/status_report.h"

namespace ccbus::cli {
namespace {

ExitCode status(const ConnectionOptions& options) {
  client::Client client(options.client_options());
  const client::Reply reply = client.status(options.timeout);
  const ExitCode code = exit_code_of(reply);
  if (code == kSuccess) {
    std::cout << format_status(reply.response.service_status());
  } else {
    std::cerr << failure_text(reply) << "\n";
  }
  return code;
}

}  // namespace

void add_status_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<ConnectionOptions>();
  CLI::App& command =
      *app.add_subcommand("status", "Show the connected chaincodes and the channels");
  options->add_to(command);
  command.footer(std::string("\nExample:\n  ccbus status --address tcp://127.0.0.1:7051\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = status(*options); });
}

}  // namespace ccbus::cli
