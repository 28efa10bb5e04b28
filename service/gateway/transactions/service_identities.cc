#include "service/gateway/transactions/service_identities.h"

#include <algorithm>
#include <utility>

#include "service/ledger/policy/channel_config.h"

namespace ccbus::gateway {
namespace {

// Whether the organisation is the channel's. One of development that has the MSP id of another one,
// which somebody else has made, is not.
bool has(const ledger::ChannelTrust& trust, const std::string& msp_id,
         const ServiceIdentities::Organization& played) {
  const ccbus::Organization* const found = ledger::find_organization(trust.config(), msp_id);
  return found != nullptr &&
         (played.development == nullptr ||
          found->msp().config().find(played.development->root_certificate()) != std::string::npos);
}

}  // namespace

void ServiceIdentities::play(const std::string& msp_id, Organization organization) {
  organizations_.try_emplace(msp_id, std::move(organization));
}

const ServiceIdentities::Organization* ServiceIdentities::of_creators(
    const ledger::ChannelTrust& trust) const {
  const Organization* first = nullptr;
  for (const auto& [msp_id, organization] : organizations_) {
    if (organization.client == nullptr || !has(trust, msp_id, organization)) continue;
    if (msp_id == own_.msp_id()) return &organization;
    if (first == nullptr) first = &organization;
  }
  return first;
}

ServiceIdentities::Identity ServiceIdentities::creator(const ledger::ChannelTrust* trust) const {
  if (trust == nullptr) return {std::shared_ptr<void>(), &own_};
  const Organization* const organization = of_creators(*trust);
  return organization == nullptr ? nullptr : organization->client;
}

std::shared_ptr<const security::DevIdentities> ServiceIdentities::development(
    const ledger::ChannelTrust* trust) const {
  if (trust == nullptr) return own_development_;
  const Organization* const organization = of_creators(*trust);
  return organization == nullptr ? nullptr : organization->development;
}

std::vector<ServiceIdentities::Identity> ServiceIdentities::endorsers(
    const ledger::ChannelTrust& trust, const std::vector<std::string>& wanted,
    bool with_admins) const {
  std::vector<Identity> endorsers;
  for (const auto& [msp_id, organization] : organizations_) {
    const bool is_wanted = wanted.empty() || std::ranges::find(wanted, msp_id) != wanted.end();
    if (!is_wanted || !has(trust, msp_id, organization)) continue;
    endorsers.push_back(organization.peer);
    if (with_admins && organization.admin != nullptr) endorsers.push_back(organization.admin);
  }
  return endorsers;
}

std::vector<std::string> ServiceIdentities::played(const ledger::ChannelTrust* trust) const {
  if (trust == nullptr) return {own_.msp_id()};
  std::vector<std::string> played;
  for (const auto& [msp_id, organization] : organizations_) {
    if (has(*trust, msp_id, organization)) played.push_back(msp_id);
  }
  return played;
}

}  // namespace ccbus::gateway
