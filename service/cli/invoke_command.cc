#include "service/cli/invoke_command.h"

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "service/cli/invocation_options.h"
#include "service/cli/invocation_report.h"
#include "service/cli/outcome.h"

namespace ccbus::cli {
namespace {

struct InvokeOptions {
  InvocationOptions common;
  bool is_init = false;
  bool json = false;
};

ExitCode invoke(const InvokeOptions& options) {
  auto invocation = options.common.invocation();
  if (!invocation) {
    std::cerr << invocation.error().message << "\n";
    return kUsage;
  }
  invocation->is_init = options.is_init;

  client::Client client(options.common.connection.client_options());
  const auto start = std::chrono::steady_clock::now();
  const client::Reply reply = client.submit(*invocation, options.common.connection.timeout);
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);

  const ExitCode code = exit_code_of(reply);
  if (options.json) {
    std::cout << invocation_json(reply, elapsed) << "\n";
  } else if (code == kSuccess) {
    std::cout << describe_invocation(reply, elapsed) << "\n";
  } else {
    std::cerr << failure_text(reply) << "\n";
  }
  return code;
}

}  // namespace

void add_invoke_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<InvokeOptions>();
  CLI::App& command = *app.add_subcommand(
      "invoke", "Run a transaction; the answer comes once its block is on disk");
  options->common.add_to(command);
  command.add_flag("-I,--isInit", options->is_init, "Call the chaincode's init");
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(std::string("\nExample:\n  ccbus invoke -C mychannel -n basic -c "
                             "'{\"Args\":[\"CreateAsset\",\"a1\",\"blue\",\"5\",\"tom\",\"300\"]}'"
                             "\n\n") +
                 kInvocationJsonHelp + "\n\n" + kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = invoke(*options); });
}

}  // namespace ccbus::cli
