#include "service/assembly/own_identities.h"

#include <stdexcept>
#include <utility>

namespace ccbus {

security::SigningIdentity open_identity(const Config& config) {
  auto identity = config.ledger_directory
                      ? security::SigningIdentity::load_or_create(
                            *config.ledger_directory / "identity", config.msp_id)
                      : security::SigningIdentity::generate(config.msp_id);
  if (!identity) throw std::runtime_error(identity.error().message);
  return std::move(*identity);
}

std::optional<std::filesystem::path> organizations_directory(const Config& config) {
  if (!config.ledger_directory) return std::nullopt;
  return *config.ledger_directory / "identity" / "organizations";
}

void play_organizations(const Config& config, DevelopmentOrganizations& organizations,
                        gateway::ServiceIdentities& identities) {
  auto given = read_endorsing_identities(config.endorsing_identities);
  if (!given) throw std::runtime_error("peer.identities: " + given.error().message);
  for (auto& [msp_id, organization] : *given) identities.play(msp_id, std::move(organization));
  auto opened = organizations.open_all();
  if (!opened) throw std::runtime_error(opened.error().message);
  for (auto& [msp_id, organization] : *opened) {
    identities.play(msp_id, std::move(organization.identities));
  }
  if (config.server_key.empty()) return;
  auto own = organizations.open(config.msp_id);
  if (!own) throw std::runtime_error("peer.localMspId: " + own.error().message);
  identities.stand_for_keys(own->identities.development);
}

}  // namespace ccbus
