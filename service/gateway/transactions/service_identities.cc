#include "service/gateway/transactions/service_identities.h"

#include <algorithm>
#include <utility>

#include "service/ledger/policy/channel_config.h"

namespace ccbus::gateway {
namespace {

bool has(const ledger::ChannelTrust& trust, const std::string& msp_id) {
  return ledger::find_organization(trust.config(), msp_id) != nullptr;
}

}  // namespace

void ServiceIdentities::play(const std::string& msp_id, Organization organization) {
  organizations_.try_emplace(msp_id, std::move(organization));
}

const security::SigningIdentity* ServiceIdentities::creator(
    const ledger::ChannelTrust* trust) const {
  if (trust == nullptr) return &own_;
  const security::SigningIdentity* first = nullptr;
  for (const auto& [msp_id, organization] : organizations_) {
    if (organization.client == nullptr || !has(*trust, msp_id)) continue;
    if (msp_id == own_.msp_id()) return organization.client.get();
    if (first == nullptr) first = organization.client.get();
  }
  return first;
}

std::vector<ServiceIdentities::Identity> ServiceIdentities::endorsers(
    const ledger::ChannelTrust& trust, const std::vector<std::string>& wanted,
    bool with_admins) const {
  std::vector<Identity> endorsers;
  for (const auto& [msp_id, organization] : organizations_) {
    const bool is_wanted = wanted.empty() || std::ranges::find(wanted, msp_id) != wanted.end();
    if (!is_wanted || !has(trust, msp_id)) continue;
    endorsers.push_back(organization.peer);
    if (with_admins && organization.admin != nullptr) endorsers.push_back(organization.admin);
  }
  return endorsers;
}

std::vector<std::string> ServiceIdentities::played(const ledger::ChannelTrust* trust) const {
  if (trust == nullptr) return {own_.msp_id()};
  std::vector<std::string> played;
  for (const auto& [msp_id, organization] : organizations_) {
    if (has(*trust, msp_id)) played.push_back(msp_id);
  }
  return played;
}

}  // namespace ccbus::gateway
