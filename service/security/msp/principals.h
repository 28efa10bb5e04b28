#pragma once

#include "fabric/msp/msp_principal.pb.h"
#include "service/base/result.h"
#include "service/security/msp/identity.h"
#include "service/security/msp/msp_rules.h"

namespace ccbus::security {

// Combined principals stand in each other; Fabric has no limit.
inline constexpr int kPrincipalDepthMax = 16;

// Whether the identity is whom the principal names (SatisfiesPrincipal of mspimpl.go): a role, an
// organizational unit, one certificate, or all of several principals. Only a valid identity is
// anybody: Fabric does not ask that of one that admincerts lists, so that a revoked certificate
// stays an admin there.
//
// Thread: any. Errors: kInvalid with Fabric's reason why it is not; kExhausted if principals stand
// in each other too deep.
[[nodiscard]] Result<void> satisfies(const MspRules& rules, const Identity& identity,
                                     const common::MSPPrincipal& principal);

// Whether a unit of the identity says this role. Errors: kInvalid with Fabric's reason.
[[nodiscard]] Result<void> has_role(const MspRules& rules, const Identity& identity, OuRole role);

}  // namespace ccbus::security
