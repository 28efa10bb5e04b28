#include "service/security/crypto/key_kind.h"

#include <openssl/objects.h>

#include <array>

namespace ccbus::security {

KeyKind kind_of(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_ED25519: return KeyKind::kEd25519;
    case EVP_PKEY_RSA: return KeyKind::kRsa;
    case EVP_PKEY_EC: break;
    default: return KeyKind::kOther;
  }
  std::array<char, 64> name{};
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) != 1) {
    return KeyKind::kOtherEcdsa;
  }
  switch (OBJ_txt2nid(name.data())) {
    case NID_X9_62_prime256v1: return KeyKind::kP256;
    case NID_secp384r1: return KeyKind::kP384;
    default: return KeyKind::kOtherEcdsa;
  }
}

}  // namespace ccbus::security
