#pragma once

#include <string>

#include "ccbus/client/client.h"
#include "service/base/result.h"
#include "service/cli/commands/connection_options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// What invoke and query have in common.
struct InvocationOptions {
  ConnectionOptions connection;
  std::string channel;
  std::string chaincode;
  std::string input;
  std::string transient;

  // -C, -n, -c, --transient and the connection's. *this outlives the parsing.
  void add_to(CLI::App& command);

  // Errors: kInvalid for a -c or a --transient that is not what it should be.
  [[nodiscard]] Result<client::Invocation> invocation() const;
};

}  // namespace ccbus::cli
