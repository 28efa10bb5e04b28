#pragma once

#include <string_view>

#include "service/base/result.h"
#include "service/security/crypto/openssl_handles.h"

namespace ccbus::security {

// Reads a private key in PEM: PKCS#8 ("PRIVATE KEY") or SEC1 ("EC PRIVATE KEY"); other blocks
// before it are passed over. Never asks for a pass phrase.
//
// Errors: kInvalid; says so if the key is encrypted.
[[nodiscard]] Result<KeyHandle> read_private_key(std::string_view pem);

}  // namespace ccbus::security
