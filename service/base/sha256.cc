#include "service/base/sha256.h"

#include <openssl/evp.h>

#include "service/base/assert.h"

namespace ccbus {
namespace {

// OpenSSL looks EVP_sha256() up by its name at every use, but takes what was fetched as it is.
// Fetched before main and never freed: other threads may still hash while the process ends.
const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  CCBUS_ASSERT(kSha256 != nullptr && context_ != nullptr);
  CCBUS_ASSERT(EVP_DigestInit_ex(context_.get(), kSha256, nullptr) == 1);
}

void Sha256::update(std::string_view piece) {
  CCBUS_ASSERT(EVP_DigestUpdate(context_.get(), piece.data(), piece.size()) == 1);
}

std::string Sha256::finish() {
  std::string digest(32, '\0');
  CCBUS_ASSERT(EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()),
                                  nullptr) == 1);
  return digest;
}

std::string sha256(std::initializer_list<std::string_view> pieces) {
  Sha256 hash;
  for (const std::string_view piece : pieces) hash.update(piece);
  return hash.finish();
}

}  // namespace ccbus
