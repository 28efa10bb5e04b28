#include "service/cli/commands/connection_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "service/base/duration.h"
#include "service/base/endpoint_address.h"
#include "service/base/memory_dumps.h"

namespace ccbus::cli {

CLI::Option& add_address_option(CLI::App& command, const std::string& name, std::string& address,
                                const std::string& description) {
  return *command
              .add_option_function<std::string>(
                  name,
                  [&address, name](const std::string& text) {
                    auto parsed = parse_endpoint(text);
                    if (!parsed) throw CLI::ValidationError(name, parsed.error().message);
                    address = std::move(*parsed);
                  },
                  description)
              ->default_str(address);
}

void add_key_options(CLI::App& command, std::string& key, std::string& server_key) {
  command.add_option("--key", key, "The certificate of one's own key, made by `ccbus keygen`")
      ->envname("CCBUS_KEY");
  command
      .add_option("--server-key", server_key, "The public certificate of the service, or its key")
      ->envname("CCBUS_SERVER_KEY");
}

void add_timeout_option(CLI::App& command, std::chrono::milliseconds& timeout) {
  command
      .add_option_function<std::string>(
          "--timeout",
          [&timeout](const std::string& text) {
            const auto parsed = parse_duration(text);
            if (!parsed) throw CLI::ValidationError("--timeout", parsed.error().message);
            if (parsed->count() <= 0) throw CLI::ValidationError("--timeout", "must be above 0");
            timeout = *parsed;
          },
          "How long to wait for the answer")
      ->default_str(format_duration(timeout));
}

void ConnectionOptions::add_to(CLI::App& command) {
  add_address_option(command, "--address", address, "The service's client endpoint")
      .envname("CCBUS_ADDRESS");
  add_key_options(command, key, server_key);
  add_timeout_option(command, timeout);
}

client::Options ConnectionOptions::client_options() const {
  if (!key.empty()) forbid_memory_dumps();
  client::Options options;
  options.endpoint = address;
  options.keys = curve::read_keys(key, server_key);
  options.connect_timeout = std::min(options.connect_timeout, timeout);
  return options;
}

}  // namespace ccbus::cli
