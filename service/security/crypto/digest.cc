#include "service/security/crypto/digest.h"

#include <openssl/evp.h>

#include <memory>

#include "service/base/assert.h"

namespace ccbus::security {
namespace {

// Fetched once: OpenSSL looks EVP_sha256() up by its name at every use. Never freed, since other
// threads may still hash while the process ends.
const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);

}  // namespace

Sha256Digest sha256(std::initializer_list<std::string_view> pieces) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  CCBUS_ASSERT(kAlgorithm != nullptr && context != nullptr);
  CCBUS_ASSERT(EVP_DigestInit_ex(context.get(), kAlgorithm, nullptr) == 1);
  for (const std::string_view piece : pieces) {
    CCBUS_ASSERT(EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1);
  }
  Sha256Digest digest{};
  CCBUS_ASSERT(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1);
  return digest;
}

}  // namespace ccbus::security
