#pragma once

#include <chrono>
#include <string>

#include "ccbus/client/client.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ccbus::cli {

// --address or its like: any form of endpoint_address.h, with its transport afterwards. `address`
// holds the default, and outlives the parsing.
CLI::Option& add_address_option(CLI::App& command, const std::string& name, std::string& address,
                                const std::string& description);

// --timeout, above zero. `timeout` holds the default, and outlives the parsing.
void add_timeout_option(CLI::App& command, std::chrono::milliseconds& timeout);

// How a command reaches the service.
struct ConnectionOptions {
  std::string address = "tcp://127.0.0.1:7051";
  std::chrono::milliseconds timeout{35'000};

  // --address (CCBUS_ADDRESS) and --timeout. *this outlives the parsing.
  void add_to(CLI::App& command);

  [[nodiscard]] client::Options client_options() const;
};

}  // namespace ccbus::cli
