#pragma once

#include <chrono>
#include <string>

#include "ccbus/client/client.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ccbus::cli {

// Adds an option that takes an endpoint, in any form of endpoint_address.h; parsing stores it with
// its transport. `address` holds the default and must outlive the parsing.
CLI::Option& add_address_option(CLI::App& command, const std::string& name, std::string& address,
                                const std::string& description);

// Adds --key (CCBUS_KEY) and --server-key (CCBUS_SERVER_KEY). Both must outlive the parsing.
void add_key_options(CLI::App& command, std::string& key, std::string& server_key);

// Adds --timeout, which must be above zero. `timeout` holds the default and must outlive the
// parsing.
void add_timeout_option(CLI::App& command, std::chrono::milliseconds& timeout);

// How a command reaches the service.
struct ConnectionOptions {
  std::string address = "tcp://127.0.0.1:7051";
  std::chrono::milliseconds timeout{35'000};
  std::string key;         // Files of certificates; both empty: without keys.
  std::string server_key;  // Or the key itself, in Z85.

  // Adds --address (or CCBUS_ADDRESS), --key (CCBUS_KEY), --server-key (CCBUS_SERVER_KEY) and
  // --timeout. *this must outlive the parsing.
  void add_to(CLI::App& command);

  // Blocks: on the disk. Errors: std::invalid_argument for keys that cannot be read.
  [[nodiscard]] client::Options client_options() const;
};

}  // namespace ccbus::cli
