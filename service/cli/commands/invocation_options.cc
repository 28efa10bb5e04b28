#include "service/cli/commands/invocation_options.h"

#include <CLI/CLI.hpp>

#include "service/cli/json/chaincode_input.h"
#include "service/cli/json/transient_input.h"

namespace ccbus::cli {

void InvocationOptions::add_to(CLI::App& command) {
  command.add_option("-C,--channelID", channel, "The channel")->required();
  command.add_option("-n,--name", chaincode, "The chaincode's name")->required();
  command
      .add_option("-c,--ctor", input,
                  R"(The function and its arguments: {"Args":["function","argument"]})")
      ->required();
  command.add_option("--transient", transient,
                     R"(Data that the ledger does not store: {"key":"<base64>"})");
  identity.add_to(command);
  connection.add_to(command);
}

Result<client::Invocation> InvocationOptions::invocation() const {
  client::Invocation invocation;
  invocation.channel_id = channel;
  invocation.chaincode_name = chaincode;
  const auto args = parse_chaincode_input(input);
  if (!args) return unexpected(args.error());
  invocation.args = *args;
  if (transient.empty()) return invocation;
  const auto values = parse_transient_input(transient);
  if (!values) return unexpected(values.error());
  invocation.transient = *values;
  return invocation;
}

}  // namespace ccbus::cli
