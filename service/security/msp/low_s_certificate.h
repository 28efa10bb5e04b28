#pragma once

#include "service/base/result.h"
#include "service/security/msp/chain_builder.h"

namespace ccbus::security {

// Returns the certificate with the lower S in its ECDSA signature, as Fabric does before it hashes
// or compares one (sanitizeCert); the certificate itself if its signature is of another kind.
//
// Errors: kInvalid if it does not chain to a root of the tree (a root: to itself), in Fabric's
//         words. A root that did not sign itself is no root.
[[nodiscard]] Result<CertificatePointer> to_low_s(CertificatePointer certificate,
                                                  const CaTree& tree);

// As above, for a certificate whose issuer is known.
[[nodiscard]] Result<CertificatePointer> to_low_s(CertificatePointer certificate,
                                                  const Certificate& issuer);

}  // namespace ccbus::security
