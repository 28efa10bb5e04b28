#include "service/cli/commands/identity_options.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace ccbus::cli {

void IdentityOptions::add_to(CLI::App& command, const std::string& help) {
  command.add_option("--identity", folder, help + " (or CORE_PEER_MSPCONFIGPATH)")
      ->envname("CCBUS_IDENTITY");
  command.add_option("--msp-id", msp_id, "The MSP id of --identity")
      ->envname("CORE_PEER_LOCALMSPID");
}

std::optional<client::Identity> IdentityOptions::signer() const {
  std::string chosen = folder;
  if (const char* const of_peer = std::getenv("CORE_PEER_MSPCONFIGPATH");
      chosen.empty() && of_peer != nullptr) {
    chosen = of_peer;
  }
  if (chosen.empty()) return std::nullopt;
  return client::Identity::from_msp_folder(chosen, msp_id);
}

client::Identity IdentityOptions::required_signer() const {
  auto found = signer();
  if (!found) throw std::invalid_argument("--identity is missing: the folder of your MSP");
  return std::move(*found);
}

}  // namespace ccbus::cli
