#include "service/security/msp/identity.h"

#include <openssl/err.h>

#include <utility>

#include "service/base/hex.h"

namespace ccbus::security {
namespace {

const unsigned char* as_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Sha256Digest hash_certifiers(const std::vector<const Certificate*>& certifiers) {
  std::string encoded;
  for (const Certificate* certifier : certifiers) encoded += certifier->der;
  return sha256({encoded});
}

KeyContextHandle make_verifier(const Certificate& certificate) {
  if (!certificate.curve_order) return nullptr;
  KeyContextHandle verifier(EVP_PKEY_CTX_new(X509_get0_pubkey(certificate.handle.get()), nullptr));
  if (verifier != nullptr && EVP_PKEY_verify_init(verifier.get()) != 1) verifier.reset();
  return verifier;
}

Result<void> refuse_signature(const std::string& reason) {
  ERR_clear_error();
  return fail(ErrorCode::kInvalid, reason);
}

}  // namespace

Identity::Identity(std::string msp_id, CertificatePointer certificate,
                   const std::vector<const Certificate*>& certifiers)
    : msp_id_(std::move(msp_id)),
      id_(to_hex(as_text(sha256({certificate->der})))),
      certificate_(std::move(certificate)),
      verifier_(make_verifier(*certificate_)) {
  if (certifiers.empty()) return;
  organizational_units_ = certificate_->organizational_units;
  certifiers_id_ = hash_certifiers(certifiers);
}

Result<void> Identity::verify(std::string_view bytes, std::string_view signature) const {
  return verify(bytes, sha256({bytes}), signature);
}

Result<void> Identity::verify(std::string_view bytes, const Sha256Digest& digest,
                              std::string_view signature) const {
  switch (certificate_->key_kind) {
    case KeyKind::kP256:
    case KeyKind::kP384: return verify_ecdsa(digest, signature);
    case KeyKind::kEd25519: return verify_ed25519(bytes, signature);
    default:
      return refuse_signature(
          "could not determine the validity of the signature: the identity's key "
          "is not ECDSA of P-256 or P-384, nor Ed25519");
  }
}

Result<void> Identity::verify_ecdsa(const Sha256Digest& digest, std::string_view signature) const {
  const auto is_low = certificate_->curve_order->is_low_s(signature);
  if (!is_low) {
    return refuse_signature("could not determine the validity of the signature: " +
                            is_low.error().message);
  }
  if (!*is_low) {
    return refuse_signature(
        "could not determine the validity of the signature: Invalid S. Must be smaller than half "
        "the order");
  }
  const KeyContextHandle verifier(verifier_ == nullptr ? nullptr
                                                       : EVP_PKEY_CTX_dup(verifier_.get()));
  if (verifier == nullptr || EVP_PKEY_verify(verifier.get(), as_bytes(signature), signature.size(),
                                             digest.data(), digest.size()) != 1) {
    return refuse_signature("The signature is invalid");
  }
  return {};
}

Result<void> Identity::verify_ed25519(std::string_view bytes, std::string_view signature) const {
  const std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  if (context == nullptr ||
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                           X509_get0_pubkey(certificate_->handle.get())) != 1 ||
      EVP_DigestVerify(context.get(), as_bytes(signature), signature.size(), as_bytes(bytes),
                       bytes.size()) != 1) {
    return refuse_signature("The signature is invalid");
  }
  return {};
}

}  // namespace ccbus::security
