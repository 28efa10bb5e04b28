#include "service/security/msp/principals.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "fabric/msp/identities.pb.h"
#include "service/base/parse_message.h"
#include "service/security/msp/make_identity.h"
#include "service/security/msp/refusal.h"

namespace ccbus::security {
namespace {

using common::MSPPrincipal;
using common::MSPRole;

std::string name_of(OuRole role) {
  switch (role) {
    case OuRole::kClient: return "CLIENT";
    case OuRole::kPeer: return "PEER";
    case OuRole::kAdmin: return "ADMIN";
    case OuRole::kOrderer: return "ORDERER";
  }
  return {};
}

std::optional<OuRole> role_of(MSPRole::MSPRoleType type) {
  switch (type) {
    case MSPRole::CLIENT: return OuRole::kClient;
    case MSPRole::PEER: return OuRole::kPeer;
    case MSPRole::ADMIN: return OuRole::kAdmin;
    case MSPRole::ORDERER: return OuRole::kOrderer;
    default: return std::nullopt;
  }
}

Result<void> check_msp(const MspRules& rules, const Identity& identity, const std::string& msp_id) {
  if (msp_id == rules.id) return {};
  return refuse("the identity is a member of a different MSP (expected " + msp_id + ", got " +
                identity.msp_id() + ")");
}

Result<void> is_valid(const MspRules& rules, const Identity& identity) {
  if (identity.validity()) return {};
  return refuse("The identity is not valid under this MSP [" + rules.id +
                "]: " + identity.validity().error().message);
}

Result<void> satisfies_ou_role(const MspRules& rules, const Identity& identity, OuRole role) {
  if (auto valid = is_valid(rules, identity); !valid) return valid;
  const bool is_listed_admin =
      role == OuRole::kAdmin && rules.admins.contains(identity.certificate().der);
  if (is_listed_admin) return {};
  if (role == OuRole::kAdmin && !rules.enforces_roles) {
    return refuse("This identity is not an admin");
  }
  if (auto has = has_role(rules, identity, role); !has) {
    const std::string whom = role == OuRole::kAdmin ? "an admin" : "a [" + name_of(role) + "]";
    return refuse("The identity is not " + whom + " under this MSP [" + rules.id +
                  "]: " + has.error().message);
  }
  return {};
}

Result<void> satisfies_role(const MspRules& rules, const Identity& identity,
                            const std::string& principal) {
  MSPRole role;
  if (!parse(role, principal)) return refuse("could not unmarshal MSPRole from principal");
  if (auto same = check_msp(rules, identity, role.msp_identifier()); !same) return same;
  if (role.role() == MSPRole::MEMBER) return identity.validity();
  const auto ou_role = role_of(role.role());
  if (!ou_role || (*ou_role == OuRole::kOrderer && !rules.enforces_roles)) {
    return refuse("invalid MSP role type " + std::to_string(role.role()));
  }
  return satisfies_ou_role(rules, identity, *ou_role);
}

Result<void> satisfies_identity(const MspRules& rules, const Identity& identity,
                                const std::string& principal) {
  msp::SerializedIdentity named;
  if (!parse(named, principal)) {
    return refuse(
        "invalid identity principal, not a certificate: could not deserialize a "
        "SerializedIdentity");
  }
  if (named.mspid() != rules.id) {
    return refuse("invalid identity principal, not a certificate: expected MSP ID " + rules.id +
                  ", received " + named.mspid());
  }
  const auto made = make_identity(rules, std::string_view(named.id_bytes()));
  if (!made) {
    return refuse("invalid identity principal, not a certificate: " + made.error().message);
  }
  if ((*made)->id() != identity.id()) return refuse("The identities do not match");
  return (*made)->validity();
}

Result<void> satisfies_unit(const MspRules& rules, const Identity& identity,
                            const std::string& principal) {
  common::OrganizationUnit unit;
  if (!parse(unit, principal)) return refuse("could not unmarshal OrganizationUnit from principal");
  if (auto same = check_msp(rules, identity, unit.msp_identifier()); !same) return same;
  if (!identity.validity()) return identity.validity();
  const auto& units = identity.organizational_units();
  const bool has =
      std::find(units.begin(), units.end(), unit.organizational_unit_identifier()) != units.end();
  if (has && unit.certifiers_identifier() == as_text(identity.certifiers_id())) return {};
  return refuse("The identities do not match");
}

Result<void> satisfies_anonymity(const std::string& principal) {
  common::MSPIdentityAnonymity anonymity;
  if (!parse(anonymity, principal)) {
    return refuse("could not unmarshal MSPIdentityAnonymity from principal");
  }
  switch (anonymity.anonymity_type()) {
    case common::MSPIdentityAnonymity::NOMINAL: return {};
    case common::MSPIdentityAnonymity::ANONYMOUS:
      return refuse("Principal is anonymous, but X.509 MSP does not support anonymous identities");
    default:
      return refuse("Unknown principal anonymity type: " +
                    std::to_string(anonymity.anonymity_type()));
  }
}

Result<void> satisfies(const MspRules& rules, const Identity& identity,
                       const MSPPrincipal& principal, int depth);

Result<void> satisfies_all(const MspRules& rules, const Identity& identity,
                           const std::string& principals, int depth) {
  if (depth >= kPrincipalDepthMax) {
    return fail(ErrorCode::kExhausted, "combined principals stand in each other more than " +
                                           std::to_string(kPrincipalDepthMax) + " deep");
  }
  common::CombinedPrincipal combined;
  if (!parse(combined, principals)) {
    return refuse("could not unmarshal CombinedPrincipal from principal");
  }
  if (combined.principals().empty()) return refuse("No principals in CombinedPrincipal");
  for (const MSPPrincipal& principal : combined.principals()) {
    if (auto one = satisfies(rules, identity, principal, depth + 1); !one) return one;
  }
  return {};
}

Result<void> satisfies(const MspRules& rules, const Identity& identity,
                       const MSPPrincipal& principal, int depth) {
  switch (principal.principal_classification()) {
    case MSPPrincipal::ROLE: return satisfies_role(rules, identity, principal.principal());
    case MSPPrincipal::ORGANIZATION_UNIT:
      return satisfies_unit(rules, identity, principal.principal());
    case MSPPrincipal::IDENTITY: return satisfies_identity(rules, identity, principal.principal());
    case MSPPrincipal::ANONYMITY: return satisfies_anonymity(principal.principal());
    case MSPPrincipal::COMBINED:
      return satisfies_all(rules, identity, principal.principal(), depth);
    default:
      return refuse("invalid principal type " +
                    std::to_string(principal.principal_classification()));
  }
}

}  // namespace

Result<void> has_role(const MspRules& rules, const Identity& identity, OuRole role) {
  if (!rules.enforces_roles) {
    return refuse("NodeOUs not activated. Cannot tell apart identities.");
  }
  const auto unit = rules.role_ous.find(role);
  if (unit == rules.role_ous.end()) {
    return refuse("cannot test for classification, node ou for type [" + name_of(role) +
                  "], not defined, msp: [" + rules.id + "]");
  }
  const auto& units = identity.organizational_units();
  if (std::find(units.begin(), units.end(), unit->second.name) != units.end()) return {};
  return refuse("The identity does not contain OU [" + name_of(role) + "], MSP: [" + rules.id +
                "]");
}

Result<void> satisfies(const MspRules& rules, const Identity& identity,
                       const MSPPrincipal& principal) {
  return satisfies(rules, identity, principal, 0);
}

}  // namespace ccbus::security
