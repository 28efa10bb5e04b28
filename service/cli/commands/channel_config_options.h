#pragma once

#include <string>
#include <vector>

#include "ccbus/channel_config.pb.h"
#include "ccbus/client/client.h"
#include "fabric/msp/msp_config.pb.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/terminal/outcome.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// What the commands of `ccbus channel config` share.
struct ChannelConfigOptions {
  ConnectionOptions connection;
  std::string channel;
  bool json = false;

  // *this must outlive the parsing, also below.
  void add_to(CLI::App& command);
};

// What a new configuration has that the present one has not.
struct ChannelConfigChanges {
  std::vector<std::string> added;  // "Org1MSP:/path/to/msp"
  std::vector<std::string> removed;
  std::vector<std::string> policies;  // "Endorsement=ANY Endorsement"
  bool definitions_required = false;

  void add_to(CLI::App& command);

  // Makes the next configuration of the present one.
  // Blocks: on the disk. Errors: std::invalid_argument, naming the option.
  void apply(ChannelConfig& config) const;
};

// The organisation of an --org: MSPID:FOLDER.
// Blocks: on the disk. Errors: std::invalid_argument.
[[nodiscard]] msp::MSPConfig read_organization(const std::string& text);

[[nodiscard]] client::Reply ask_channel_config(client::Client& client,
                                               const ChannelConfigOptions& options);

// Prints the outcome of the transaction that writes a configuration.
ExitCode print_configured(const client::Reply& reply, bool json);

}  // namespace ccbus::cli
