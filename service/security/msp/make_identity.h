#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "service/base/result.h"
#include "service/security/msp/identity.h"
#include "service/security/msp/msp_rules.h"

namespace ccbus::security {

// A larger certificate is not decoded. Those of a Fabric CA have about a kilobyte.
inline constexpr std::size_t kIdentityBytesMax = 64u << 10;

// Makes an identity of a certificate and validates it under the rules of an MSP (mspimpl.go,
// mspimplvalidate.go): it has exactly one chain; its issuer has no CAs below it; it is no CA, not
// revoked, and its key of a kind that may sign; its units say exactly one role. Whether it has
// expired plays no part. The result is in the identity's validity().
//
// Errors: kInvalid if Fabric would not even make an identity of it: a certificate that was signed
//         with ECDSA and has no chain.
[[nodiscard]] Result<std::shared_ptr<Identity>> make_identity(const MspRules& rules,
                                                              CertificatePointer certificate);

// The same for the certificate of a SerializedIdentity: one block in PEM of type CERTIFICATE and
// nothing but space behind it. Fabric reads the first block and ignores what follows; two
// identities would then be one.
[[nodiscard]] Result<std::shared_ptr<Identity>> make_identity(const MspRules& rules,
                                                              std::string_view pem);

}  // namespace ccbus::security
