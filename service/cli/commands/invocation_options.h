#pragma once

#include <optional>
#include <string>

#include "ccbus/client/client.h"
#include "ccbus/client/identity.h"
#include "service/base/result.h"
#include "service/cli/commands/connection_options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// The options that invoke, query and endorse share.
struct InvocationOptions {
  ConnectionOptions connection;
  std::string channel;
  std::string chaincode;
  std::string input;
  std::string transient;
  std::string identity;  // The folder of a local MSP; empty: the service signs.
  std::string msp_id;

  // Adds -C, -n, -c, --transient, --identity, --msp-id and the options of the connection. *this
  // must outlive the parsing.
  void add_to(CLI::App& command);

  // The client's own identity; nullopt: the service signs.
  // Blocks: on the disk. Errors: std::invalid_argument, naming the file.
  [[nodiscard]] std::optional<client::Identity> signer() const;

  // Errors: kInvalid if the value of -c or of --transient is invalid.
  [[nodiscard]] Result<client::Invocation> invocation() const;
};

}  // namespace ccbus::cli
