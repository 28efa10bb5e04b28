#include "service/security/crypto/issue.h"

#include <openssl/pem.h>

#include "service/security/crypto/certificate_encoding.h"
#include "service/security/crypto/ecdsa_signature.h"
#include "service/security/crypto/pem.h"

namespace ccbus::security {
namespace {

constexpr int kSerialBits = 127;

bool set_random_serial(X509* certificate) {
  const BigNumberHandle serial(BN_new());
  return BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_time(ASN1_TIME* time, std::chrono::sys_seconds value) {
  return ASN1_TIME_adj(time, static_cast<time_t>(value.time_since_epoch().count()), 0, 0) !=
         nullptr;
}

bool set_subject(X509* certificate, const CertificateContent& content) {
  X509_NAME* const name = X509_get_subject_name(certificate);
  for (const auto& [field, value] : content.subject) {
    if (X509_NAME_add_entry_by_txt(name, field.c_str(), MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0) != 1) {
      return false;
    }
  }
  return true;
}

Result<void> add_extension(X509* certificate, const X509* issuer,
                           const CertificateContent::Extension& extension) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, const_cast<X509*>(issuer), certificate, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  const ExtensionHandle made(
      X509V3_EXT_nconf(nullptr, &context, extension.name.c_str(), extension.value.c_str()));
  if (made == nullptr || X509_add_ext(certificate, made.get(), -1) != 1) {
    return fail(ErrorCode::kInvalid, "extension '" + extension.name + "': " + openssl_reason());
  }
  return {};
}

// The digest that a key signs with: null for keys that hash by themselves.
const EVP_MD* digest_for(const EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) return nullptr;
  return EVP_PKEY_get_bits(key) == 384 ? EVP_sha384() : EVP_sha256();
}

Result<CertificateHandle> in_low_s(CertificateHandle certificate, const EVP_PKEY* key) {
  const auto order = CurveOrder::of(key);
  if (!order) return certificate;
  const auto signature = order->to_low_s(signature_of(certificate.get()));
  if (!signature) return unexpected(signature.error());
  const auto der = with_signature(encode_certificate(certificate.get()), *signature);
  if (!der) return unexpected(der.error());
  return decode_certificate(*der);
}

std::string contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Result<CertificateHandle> issue_certificate(const CertificateContent& content,
                                            EVP_PKEY* subject_key, const Issuer& issuer) {
  CertificateHandle certificate(X509_new());
  const X509* const signer = issuer.certificate != nullptr ? issuer.certificate : certificate.get();
  EVP_PKEY* const key = issuer.key != nullptr ? issuer.key : subject_key;
  const bool made = certificate != nullptr &&
                    X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
                    set_random_serial(certificate.get()) &&
                    set_time(X509_getm_notBefore(certificate.get()), content.not_before) &&
                    set_time(X509_getm_notAfter(certificate.get()), content.not_after) &&
                    set_subject(certificate.get(), content) &&
                    X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) == 1 &&
                    X509_set_pubkey(certificate.get(), subject_key) == 1;
  if (!made) {
    return fail(ErrorCode::kIo, "OpenSSL cannot make a certificate: " + openssl_reason());
  }
  for (const auto& extension : content.extensions) {
    if (auto added = add_extension(certificate.get(), signer, extension); !added) {
      return unexpected(added.error());
    }
  }
  if (X509_sign(certificate.get(), key, digest_for(key)) <= 0) {
    return fail(ErrorCode::kIo, "OpenSSL cannot sign a certificate: " + openssl_reason());
  }
  return in_low_s(std::move(certificate), key);
}

Result<KeyHandle> generate_key(const char* curve) {
  KeyHandle key(EVP_EC_gen(curve));
  if (key == nullptr) {
    return fail(ErrorCode::kIo, std::string("OpenSSL cannot make a key of ") + curve);
  }
  return key;
}

Result<std::string> private_key_pem(const EVP_PKEY* key) {
  const BioHandle out(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8PrivateKey(out.get(), const_cast<EVP_PKEY*>(key), nullptr, nullptr, 0,
                                    nullptr, nullptr) != 1) {
    return fail(ErrorCode::kIo, "OpenSSL cannot encode the key");
  }
  return contents(out.get());
}

std::string certificate_pem(const X509* certificate) {
  return encode_pem("CERTIFICATE", encode_certificate(certificate));
}

}  // namespace ccbus::security
