#pragma once

#include <optional>
#include <string>

#include "ccbus/client/identity.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// The identity with which a command signs.
struct IdentityOptions {
  std::string folder;  // The folder of a local MSP; empty: none, unless the environment has one.
  std::string msp_id;

  // Adds --identity, with this help, and --msp-id. *this must outlive the parsing.
  void add_to(
      CLI::App& command,
      const std::string& help = "The folder of your MSP: you sign; otherwise the service does");

  // nullopt: none is given, and the service signs.
  // Blocks: on the disk. Errors: std::invalid_argument, naming the file.
  [[nodiscard]] std::optional<client::Identity> signer() const;

  // The same, where there has to be one. Errors: as above.
  [[nodiscard]] client::Identity required_signer() const;
};

}  // namespace ccbus::cli
