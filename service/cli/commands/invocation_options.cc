#include "service/cli/commands/invocation_options.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

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
  command
      .add_option("--identity", identity,
                  "The folder of your MSP: you sign; otherwise the service does "
                  "(or CORE_PEER_MSPCONFIGPATH)")
      ->envname("CCBUS_IDENTITY");
  command.add_option("--msp-id", msp_id, "The MSP id of --identity")
      ->envname("CORE_PEER_LOCALMSPID");
  connection.add_to(command);
}

std::optional<client::Identity> InvocationOptions::signer() const {
  std::string folder = identity;
  if (const char* const of_peer = std::getenv("CORE_PEER_MSPCONFIGPATH");
      folder.empty() && of_peer != nullptr) {
    folder = of_peer;
  }
  if (folder.empty()) return std::nullopt;
  return client::Identity::from_msp_folder(folder, msp_id);
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
