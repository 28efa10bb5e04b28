#include "service/cli/commands/query_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "service/cli/commands/invocation_options.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/invocation_report.h"

namespace ccbus::cli {
namespace {

struct QueryOptions {
  InvocationOptions common;
  bool json = false;
};

ExitCode query(const QueryOptions& options) {
  const auto invocation = options.common.invocation();
  if (!invocation) {
    std::cerr << invocation.error().message << "\n";
    return kUsage;
  }
  const auto signer = options.common.identity.signer();
  const auto timeout = options.common.connection.timeout;
  client::Client client(options.common.connection.client_options());
  const auto start = std::chrono::steady_clock::now();
  const client::Reply reply = signer ? client::evaluate(client, *invocation, *signer, timeout)
                                     : client.evaluate(*invocation, timeout);
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  return print_reply(reply, options.json,
                     {[elapsed](const client::Reply& any) { return invocation_json(any, elapsed); },
                      [](const client::Reply& success) {
                        return success.response.evaluate().result().payload() + "\n";
                      }});
}

}  // namespace

void add_query_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<QueryOptions>();
  CLI::App& command =
      *app.add_subcommand("query", "Run a chaincode and print its payload; nothing is ordered");
  options->common.add_to(command);
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(std::string("\nExample:\n  ccbus query -C mychannel -n basic -c "
                             "'{\"Args\":[\"ReadAsset\",\"a1\"]}'\n\n") +
                 kInvocationJsonHelp + "\n\n" + kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = query(*options); });
}

}  // namespace ccbus::cli
