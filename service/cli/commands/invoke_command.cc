#include "service/cli/commands/invoke_command.h"

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

struct InvokeOptions {
  InvocationOptions common;
  client::SubmitOptions submit;
  bool is_init = false;
  bool no_wait = false;
  bool json = false;
};

ExitCode invoke(const InvokeOptions& options) {
  auto invocation = options.common.invocation();
  if (!invocation) {
    std::cerr << invocation.error().message << "\n";
    return kUsage;
  }
  invocation->is_init = options.is_init;

  client::SubmitOptions submit = options.submit;
  if (options.no_wait) submit.until = SubmitRequest::ORDERED;

  const auto signer = options.common.signer();
  const auto timeout = options.common.connection.timeout;
  client::Client client(options.common.connection.client_options());
  const auto start = std::chrono::steady_clock::now();
  const client::Reply reply = signer ? client::submit(client, *invocation, *signer, timeout, submit)
                                     : client.submit(*invocation, timeout, submit);
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);

  return print_reply(
      reply, options.json,
      {[elapsed](const client::Reply& any) { return invocation_json(any, elapsed); },
       [elapsed](const client::Reply& success) { return describe_invocation(success, elapsed); }});
}

}  // namespace

void add_invoke_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<InvokeOptions>();
  CLI::App& command =
      *app.add_subcommand("invoke", "Run a transaction and wait until its block is on disk");
  options->common.add_to(command);
  command.add_flag("-I,--isInit", options->is_init, "Call the chaincode's init");
  command.add_option("--retry", options->submit.retries,
                     "How often to run it again on the new state after a conflict");
  command
      .add_option("--endorsing-orgs", options->submit.endorsing_organizations,
                  "MSP ids of the organisations that endorse; otherwise all that the service plays")
      ->delimiter(',');
  command.add_flag("--no-wait", options->no_wait,
                   "Return as soon as it is ordered; ccbus commit-status has the outcome");
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(std::string("\nExample:\n  ccbus invoke -C mychannel -n basic -c "
                             "'{\"Args\":[\"CreateAsset\",\"a1\",\"blue\",\"5\",\"tom\",\"300\"]}'"
                             "\n\n") +
                 kInvocationJsonHelp + "\n\n" + kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = invoke(*options); });
}

}  // namespace ccbus::cli
