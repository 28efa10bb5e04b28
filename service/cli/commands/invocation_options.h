#pragma once

#include <string>

#include "ccbus/client/client.h"
#include "service/base/result.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/identity_options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// The options that invoke, query and endorse share. Without an identity the service signs.
struct InvocationOptions {
  ConnectionOptions connection;
  std::string channel;
  std::string chaincode;
  std::string input;
  std::string transient;
  IdentityOptions identity;

  // Adds -C, -n, -c, --transient, --identity, --msp-id and the options of the connection. *this
  // must outlive the parsing.
  void add_to(CLI::App& command);

  // Errors: kInvalid if the value of -c or of --transient is invalid.
  [[nodiscard]] Result<client::Invocation> invocation() const;
};

}  // namespace ccbus::cli
