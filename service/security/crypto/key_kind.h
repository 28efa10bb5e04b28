#pragma once

#include "service/security/crypto/openssl_handles.h"

namespace ccbus::security {

enum class KeyKind { kP256, kP384, kOtherEcdsa, kEd25519, kRsa, kOther };

[[nodiscard]] KeyKind kind_of(const EVP_PKEY* key);

}  // namespace ccbus::security
