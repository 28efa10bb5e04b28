#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "service/cli/bench/bench_command.h"
#include "service/cli/commands/chaincode_command.h"
#include "service/cli/commands/channel_command.h"
#include "service/cli/commands/command_names.h"
#include "service/cli/commands/commit_status_command.h"
#include "service/cli/commands/completion_command.h"
#include "service/cli/commands/config_command.h"
#include "service/cli/commands/dev_command.h"
#include "service/cli/commands/doctor_command.h"
#include "service/cli/commands/endorse_command.h"
#include "service/cli/commands/events_command.h"
#include "service/cli/commands/healthcheck_command.h"
#include "service/cli/commands/invoke_command.h"
#include "service/cli/commands/keygen_command.h"
#include "service/cli/commands/keys_command.h"
#include "service/cli/commands/ledger_command.h"
#include "service/cli/commands/logs_command.h"
#include "service/cli/commands/query_command.h"
#include "service/cli/commands/status_command.h"
#include "service/cli/commands/version_command.h"
#include "service/cli/terminal/printable_stream.h"
#include "service/config/config_options.h"

int main(int argc, char** argv) {
  using namespace ccbus::cli;

  // Results go to files and pipes byte for byte.
  std::optional<PrintableStream> results;
  if (isatty(STDOUT_FILENO) == 1) results.emplace(std::cout);
  const PrintableStream errors(std::cerr);

  ExitCode exit_code = kSuccess;
  CLI::App app("Runs chaincode transactions against ccbusd and shows its state.", "ccbus");
  app.require_subcommand(1);
  app.footer(std::string("\nExample:\n  ccbus query -C mychannel -n basic -c "
                         "'{\"Args\":[\"GetAllAssets\"]}'\n\n") +
             kExitCodesHelp);
  add_bench_command(app, exit_code);
  add_chaincode_command(app, exit_code);
  add_channel_command(app, exit_code);
  add_commit_status_command(app, exit_code);
  add_completion_command(app, exit_code);
  add_config_command(app, exit_code);
  add_dev_command(app, exit_code);
  add_doctor_command(app, exit_code);
  add_endorse_commands(app, exit_code);
  add_events_command(app, exit_code);
  add_healthcheck_command(app, exit_code);
  add_invoke_command(app, exit_code);
  add_keygen_command(app, exit_code);
  add_keys_command(app, exit_code);
  add_ledger_command(app, exit_code);
  add_logs_command(app, exit_code);
  add_query_command(app, exit_code);
  add_status_command(app, exit_code);
  add_version_command(app, exit_code);
  std::vector<std::string> arguments = ccbus::separate_settings({argv + 1, argv + argc});
  if (const auto known = check_command_names(app, arguments); !known) {
    std::cerr << known.error().message << "\n";
    return kUsage;
  }
  std::reverse(arguments.begin(), arguments.end());  // As CLI11 takes them.
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kSuccess : kUsage;
  } catch (const std::invalid_argument& e) {
    // The client library's error about an address or a key.
    std::cerr << e.what() << "\n";
    return kUsage;
  }
  return exit_code;
}
