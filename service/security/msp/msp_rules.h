#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "service/security/crypto/digest.h"
#include "service/security/msp/chain_builder.h"

namespace ccbus::security {

struct MspOptions {
  bool ed25519 = false;  // Identities may have keys of Ed25519: Fabric's capability V3_0.
};

enum class OuRole { kClient, kPeer, kAdmin, kOrderer };
inline constexpr std::array kOuRoles = {OuRole::kClient, OuRole::kPeer, OuRole::kAdmin,
                                        OuRole::kOrderer};

// An organizational unit, and who may attest it.
struct OuIdentifier {
  std::string name;
  std::optional<Sha256Digest> certifiers_id;  // Absent: any CA of the MSP.
};

// An organisation's configuration, checked and read.
struct MspRules {
  std::string id;
  MspOptions options;
  CaTree tree;  // Certificates with the lower S.

  // DER of the CAs that have CAs below them: those do not issue identities.
  std::set<std::string> inner_cas;

  // Serial numbers in hexadecimal digits, by who issued and revoked them.
  std::map<const Certificate*, std::set<std::string>> revoked;

  // An identity must be of one of them, if there are any.
  std::map<std::string, std::set<Sha256Digest>> ou_identifiers;

  // NodeOUs: an identity must have one of these units, which says its role. Without
  // `enforces_roles` they count for nothing.
  bool enforces_roles = false;
  std::map<OuRole, OuIdentifier> role_ous;

  std::set<std::string> admins;  // DER of the certificates in admincerts.

  std::vector<std::string> tls_roots;  // In PEM, as configured.
  std::vector<std::string> tls_intermediates;
};

}  // namespace ccbus::security
