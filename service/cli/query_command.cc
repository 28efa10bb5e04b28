#include "service/cli/query_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "service/cli/invocation_options.h"
#include "service/cli/outcome.h"

namespace ccbus::cli {
namespace {

ExitCode query(const InvocationOptions& options) {
  const auto invocation = options.invocation();
  if (!invocation) {
    std::cerr << invocation.error().message << "\n";
    return kUsage;
  }
  client::Client client(options.connection.client_options());
  const client::Reply reply = client.evaluate(*invocation, options.connection.timeout);
  const ExitCode code = exit_code_of(reply);
  if (code == kSuccess) {
    std::cout << reply.response.evaluate().result().payload() << "\n";
  } else {
    std::cerr << failure_text(reply) << "\n";
  }
  return code;
}

}  // namespace

void add_query_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<InvocationOptions>();
  CLI::App& command =
      *app.add_subcommand("query", "Run a chaincode and print its payload; nothing is ordered");
  options->add_to(command);
  command.footer(std::string("\nExample:\n  ccbus query -C mychannel -n basic -c "
                             "'{\"Args\":[\"ReadAsset\",\"a1\"]}'\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = query(*options); });
}

}  // namespace ccbus::cli
