#include "service/security/crypto/private_key.h"

#include <openssl/crypto.h>

#include <optional>

#include "service/security/crypto/certificate_encoding.h"
#include "service/security/crypto/pem.h"

namespace ccbus::security {

Result<KeyHandle> read_private_key(std::string_view pem) {
  for (std::optional<PemBlock> block = decode_pem(pem); block; block = decode_pem(block->rest)) {
    if (block->type == "ENCRYPTED PRIVATE KEY") {
      return fail(ErrorCode::kInvalid, "holds an encrypted key, which cannot be used");
    }
    if (block->type != "PRIVATE KEY" && block->type != "EC PRIVATE KEY") continue;
    const auto* in = reinterpret_cast<const unsigned char*>(block->bytes.data());
    KeyHandle key(d2i_AutoPrivateKey(nullptr, &in, static_cast<long>(block->bytes.size())));
    OPENSSL_cleanse(block->bytes.data(), block->bytes.size());
    if (key != nullptr) return key;
    static_cast<void>(openssl_reason());
    break;
  }
  return fail(ErrorCode::kInvalid, "does not hold a private key in PEM");
}

}  // namespace ccbus::security
