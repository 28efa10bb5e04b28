#include "service/security/signing/signing_identity.h"

#include <chrono>
#include <optional>
#include <utility>

#include "fabric/msp/identities.pb.h"
#include "service/security/crypto/certificate_encoding.h"
#include "service/security/crypto/digest.h"
#include "service/security/crypto/issue.h"
#include "service/security/crypto/key_kind.h"
#include "service/security/crypto/pem.h"
#include "service/security/crypto/private_key.h"
#include "service/security/signing/development_name.h"

namespace ccbus::security {
namespace {

constexpr auto kValidity = std::chrono::days(10 * 365);

KeyContextHandle make_signer(EVP_PKEY* key) {
  KeyContextHandle signer(EVP_PKEY_CTX_new(key, nullptr));
  if (signer != nullptr && EVP_PKEY_sign_init(signer.get()) != 1) signer.reset();
  return signer;
}

}  // namespace

SigningIdentity::SigningIdentity(const std::string& msp_id, std::string certificate_pem,
                                 KeyHandle key, CurveOrder order)
    : msp_id_(msp_id),
      certificate_pem_(std::move(certificate_pem)),
      order_(std::move(order)),
      key_(std::move(key)),
      signer_(make_signer(key_.get())) {
  msp::SerializedIdentity identity;
  identity.set_mspid(msp_id);
  identity.set_id_bytes(certificate_pem_);
  serialized_ = identity.SerializeAsString();
}

Result<SigningIdentity> SigningIdentity::make(const std::string& msp_id,
                                              std::string certificate_pem, KeyHandle key) {
  const KeyKind kind = kind_of(key.get());
  auto order = CurveOrder::of(key.get());
  if (!order || (kind != KeyKind::kP256 && kind != KeyKind::kP384)) {
    return fail(ErrorCode::kInvalid, "has a key that is not ECDSA of P-256 or P-384");
  }
  return SigningIdentity(msp_id, std::move(certificate_pem), std::move(key), std::move(*order));
}

Result<SigningIdentity> SigningIdentity::generate(const std::string& msp_id) {
  auto key = generate_key("P-256");
  if (!key) return unexpected(key.error());
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const CertificateContent content{
      .subject = {{"O", msp_id}, {"OU", "client"}, {"CN", kDevelopmentName}},
      .not_before = now,
      .not_after = now + kValidity,
      .extensions = {}};
  const auto certificate = issue_certificate(content, key->get(), {});
  if (!certificate) return unexpected(certificate.error());
  return make(msp_id, security::certificate_pem(certificate->get()), std::move(*key));
}

Result<SigningIdentity> SigningIdentity::from_pem(const std::string& msp_id,
                                                  const std::string& certificate,
                                                  std::string_view key) {
  const auto block = decode_pem(certificate);
  const auto parsed = block ? decode_certificate(block->bytes)
                            : fail(ErrorCode::kInvalid, "does not hold a certificate in PEM");
  if (!parsed) return unexpected(parsed.error());
  auto read = read_private_key(key);
  if (!read) return unexpected(read.error());
  if (X509_check_private_key(parsed->get(), read->get()) != 1) {
    static_cast<void>(openssl_reason());
    return fail(ErrorCode::kInvalid, "is not the certificate of its key");
  }
  return make(msp_id, encode_pem("CERTIFICATE", block->bytes), std::move(*read));
}

Result<std::string> SigningIdentity::sign(std::string_view bytes) const {
  const Sha256Digest digest = sha256({bytes});
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
  std::string der(size, '\0');
  const KeyContextHandle signer(signer_ != nullptr ? EVP_PKEY_CTX_dup(signer_.get()) : nullptr);
  if (signer == nullptr || EVP_PKEY_sign(signer.get(), reinterpret_cast<unsigned char*>(der.data()),
                                         &size, digest.data(), digest.size()) != 1) {
    return fail(ErrorCode::kIo, "OpenSSL cannot sign");
  }
  return order_.to_low_s(std::string_view(der).substr(0, size));
}

}  // namespace ccbus::security
