#include "service/security/msp/msp.h"

#include <utility>

#include "fabric/msp/identities.pb.h"
#include "service/base/parse_message.h"
#include "service/security/msp/make_identity.h"
#include "service/security/msp/msp_setup.h"
#include "service/security/msp/principals.h"
#include "service/security/msp/refusal.h"

namespace ccbus::security {

Result<Msp> Msp::make(const msp::FabricMSPConfig& config, const MspOptions& options) {
  auto rules = set_up(config, options);
  if (!rules) return unexpected(rules.error());
  return Msp(std::move(*rules));
}

Result<IdentityPointer> Msp::deserialize(std::string_view serialized) const {
  msp::SerializedIdentity identity;
  if (!parse(identity, serialized)) {
    return refuse("could not deserialize a SerializedIdentity");
  }
  if (identity.mspid() != rules_.id) {
    return refuse("expected MSP ID " + rules_.id + ", received " + identity.mspid());
  }
  auto made = make_identity(rules_, std::string_view(identity.id_bytes()));
  if (!made) return unexpected(made.error());
  return IdentityPointer(std::move(*made));
}

Result<void> Msp::satisfies(const Identity& identity, const common::MSPPrincipal& principal) const {
  return security::satisfies(rules_, identity, principal);
}

}  // namespace ccbus::security
