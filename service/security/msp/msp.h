#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fabric/msp/msp_config.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "service/base/result.h"
#include "service/security/msp/identity.h"
#include "service/security/msp/msp_rules.h"

namespace ccbus::security {

// An organisation: which certificates are its members', and what they are there. Decides as an MSP
// of Fabric does under the channel capabilities V1_4_3 and later; of types, only FABRIC (X.509).
//
// Thread: immutable; any.
class Msp {
 public:
  // Errors: kInvalid with Fabric's text (msp_setup.h).
  [[nodiscard]] static Result<Msp> make(const msp::FabricMSPConfig& config,
                                        const MspOptions& options);

  [[nodiscard]] const std::string& id() const { return rules_.id; }

  // Certificates of authorities for TLS, in PEM.
  [[nodiscard]] const std::vector<std::string>& tls_roots() const { return rules_.tls_roots; }
  [[nodiscard]] const std::vector<std::string>& tls_intermediates() const {
    return rules_.tls_intermediates;
  }

  // Decodes an encoded msp.SerializedIdentity and validates it; the identity's validity() has the
  // result. It costs two or three checks of signatures.
  //
  // Errors: kInvalid  not an identity, of another MSP, or its certificate has no chain.
  //         kExhausted  the certificate is too large (make_identity.h).
  [[nodiscard]] Result<IdentityPointer> deserialize(std::string_view serialized) const;

  // Whether an identity of this MSP is whom the principal names. Errors: principals.h.
  [[nodiscard]] Result<void> satisfies(const Identity& identity,
                                       const common::MSPPrincipal& principal) const;

 private:
  explicit Msp(MspRules rules) : rules_(std::move(rules)) {}

  MspRules rules_;
};

}  // namespace ccbus::security
