#include "service/security/msp/certificate.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <set>
#include <utility>

#include "service/security/crypto/certificate_encoding.h"
#include "service/security/crypto/pem.h"
#include "service/security/msp/refusal.h"

namespace ccbus::security {
namespace {

// Extensions that crypto/x509 handles, so that they may be critical.
constexpr std::array kHandledExtensions = {NID_basic_constraints,
                                           NID_key_usage,
                                           NID_ext_key_usage,
                                           NID_subject_alt_name,
                                           NID_name_constraints,
                                           NID_crl_distribution_points,
                                           NID_authority_key_identifier,
                                           NID_subject_key_identifier,
                                           NID_certificate_policies};

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string name_der(const X509_NAME* name) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509_NAME(name, &bytes);
  if (size < 0) return {};
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

// All values of one field of a name, in UTF-8.
std::vector<std::string> fields(const X509_NAME* name, int nid) {
  std::vector<std::string> found;
  int at = -1;
  while ((at = X509_NAME_get_index_by_NID(name, nid, at)) >= 0) {
    unsigned char* text = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0) continue;
    found.emplace_back(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
  }
  return found;
}

bool read_time(const ASN1_TIME* time, std::chrono::sys_seconds& value) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return false;
  value = std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
  return true;
}

struct FreeText {
  void operator()(char* text) const { OPENSSL_free(text); }
};
using TextHandle = std::unique_ptr<char, FreeText>;

bool read_serial(const X509* handle, Certificate& certificate) {
  const ASN1_INTEGER* const serial = X509_get0_serialNumber(handle);
  const BigNumberHandle number(ASN1_INTEGER_to_BN(serial, nullptr));
  if (number == nullptr || BN_is_negative(number.get())) return false;
  const TextHandle decimal(BN_bn2dec(number.get()));
  if (decimal == nullptr) return false;
  certificate.serial_hex = serial_hex(serial);
  certificate.serial_decimal = decimal.get();
  return true;
}

Result<void> read_key(const X509* handle, Certificate& certificate) {
  const EVP_PKEY* const key = X509_get0_pubkey(handle);
  if (key == nullptr) {
    return refuse("x509: unknown public key algorithm: " + openssl_reason());
  }
  int by_parameters = 0;
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
      (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
                              &by_parameters) != 1 ||
       by_parameters != 0)) {
    return refuse("x509: unsupported elliptic curve");
  }
  certificate.key_kind = kind_of(key);
  certificate.curve_order = CurveOrder::of(key);
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(key, &bytes);
  if (size < 0) return refuse("x509: malformed public key");
  certificate.public_key.assign(reinterpret_cast<const char*>(bytes),
                                static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return {};
}

void read_signature_algorithm(X509* handle, Certificate& certificate) {
  int digest = NID_undef;
  int algorithm = NID_undef;
  if (X509_get_signature_info(handle, &digest, &algorithm, nullptr, nullptr) != 1) return;
  const bool is_ed25519 = algorithm == NID_ED25519;
  certificate.has_ecdsa_signature = algorithm == NID_X9_62_id_ecPublicKey;
  certificate.has_usable_signature =
      is_ed25519 || digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512;
}

void read_extension(X509_EXTENSION* extension, Certificate& certificate) {
  const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
  if (nid == NID_subject_alt_name) {
    certificate.alternative_names = text_of(X509_EXTENSION_get_data(extension));
  }
  const bool handled = std::find(kHandledExtensions.begin(), kHandledExtensions.end(), nid) !=
                       kHandledExtensions.end();
  if (X509_EXTENSION_get_critical(extension) == 1 && !handled) {
    certificate.has_unhandled_critical_extension = true;
  }
}

bool has_extension_twice(const X509* handle) {
  std::set<std::string> seen;
  for (int at = 0; at < X509_get_ext_count(handle); ++at) {
    const ASN1_OBJECT* const object = X509_EXTENSION_get_object(X509_get_ext(handle, at));
    const std::string id(reinterpret_cast<const char*>(OBJ_get0_data(object)), OBJ_length(object));
    if (!seen.insert(id).second) return true;
  }
  return false;
}

bool is_for_servers(const X509* handle) {
  const std::unique_ptr<EXTENDED_KEY_USAGE, OpensslFree<EXTENDED_KEY_USAGE_free>> usage(
      static_cast<EXTENDED_KEY_USAGE*>(
          X509_get_ext_d2i(handle, NID_ext_key_usage, nullptr, nullptr)));
  if (usage == nullptr) return true;
  for (int at = 0; at < sk_ASN1_OBJECT_num(usage.get()); ++at) {
    const int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(usage.get(), at));
    if (nid == NID_server_auth || nid == NID_anyExtendedKeyUsage) return true;
  }
  return sk_ASN1_OBJECT_num(usage.get()) == 0;
}

Result<void> read_extensions(X509* handle, Certificate& certificate) {
  if (has_extension_twice(handle)) {
    return refuse("x509: certificate contains duplicate extensions");
  }
  const std::uint32_t flags = X509_get_extension_flags(handle);  // Reads them all.
  if ((flags & EXFLAG_INVALID) != 0) {
    ERR_clear_error();
    return refuse("x509: malformed extension");
  }
  for (int at = 0; at < X509_get_ext_count(handle); ++at) {
    read_extension(X509_get_ext(handle, at), certificate);
  }
  certificate.has_basic_constraints = (flags & EXFLAG_BCONS) != 0;
  certificate.is_ca = certificate.has_basic_constraints && (flags & EXFLAG_CA) != 0;
  if (const long path = X509_get_pathlen(handle); path >= 0) certificate.path_length_max = path;
  if ((flags & EXFLAG_KUSAGE) != 0) certificate.key_usage = X509_get_key_usage(handle);
  certificate.may_serve = is_for_servers(handle);
  if (const ASN1_OCTET_STRING* id = X509_get0_subject_key_id(handle)) {
    certificate.subject_key_id = text_of(id);
  }
  certificate.name_constraints.reset(static_cast<NAME_CONSTRAINTS*>(
      X509_get_ext_d2i(handle, NID_name_constraints, nullptr, nullptr)));
  return {};
}

}  // namespace

std::string serial_hex(const ASN1_INTEGER* serial) {
  const BigNumberHandle number(ASN1_INTEGER_to_BN(serial, nullptr));
  const TextHandle digits(number == nullptr ? nullptr : BN_bn2hex(number.get()));
  if (digits == nullptr) return {};
  std::string text(digits.get());
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  if (text.size() > sign + 1 && text[sign] == '0') text.erase(sign, 1);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Result<CertificatePointer> Certificate::from_der(std::string_view der) {
  auto handle = decode_certificate(der);
  if (!handle) return unexpected(handle.error());
  X509* const raw = handle->get();
  auto certificate = std::make_shared<Certificate>();
  certificate->der = der;
  certificate->subject = name_der(X509_get_subject_name(raw));
  certificate->issuer = name_der(X509_get_issuer_name(raw));
  auto common_names = fields(X509_get_subject_name(raw), NID_commonName);
  if (!common_names.empty()) certificate->common_name = std::move(common_names.back());
  certificate->organizational_units =
      fields(X509_get_subject_name(raw), NID_organizationalUnitName);
  certificate->is_version_3 = X509_get_version(raw) == X509_VERSION_3;
  if (!read_serial(raw, *certificate)) {
    return refuse("x509: negative serial number");
  }
  if (!read_time(X509_get0_notBefore(raw), certificate->not_before) ||
      !read_time(X509_get0_notAfter(raw), certificate->not_after)) {
    return refuse("x509: malformed validity");
  }
  if (auto read = read_key(raw, *certificate); !read) return unexpected(read.error());
  if (auto read = read_extensions(raw, *certificate); !read) return unexpected(read.error());
  read_signature_algorithm(raw, *certificate);
  certificate->handle = std::move(*handle);
  return certificate;
}

Result<CertificatePointer> Certificate::from_pem(std::string_view pem) {
  const auto block = decode_pem(pem);
  if (!block) return refuse("getCertFromPem error: could not decode pem bytes");
  auto certificate = from_der(block->bytes);
  if (!certificate) {
    return refuse("getCertFromPem error: failed to parse x509 cert: " +
                  certificate.error().message);
  }
  return certificate;
}

Result<void> check_signature_from(const Certificate& certificate, const Certificate& issuer) {
  const bool may_sign = issuer.has_basic_constraints ? issuer.is_ca : !issuer.is_version_3;
  const bool usage_allows =
      !issuer.key_usage || *issuer.key_usage == 0 || (*issuer.key_usage & KU_KEY_CERT_SIGN) != 0;
  if (!may_sign || !usage_allows) {
    return refuse(
        "x509: invalid signature: parent certificate cannot sign this kind of certificate");
  }
  if (!certificate.has_usable_signature) {
    return refuse("x509: cannot verify signature: insecure or unknown algorithm");
  }
  if (X509_verify(certificate.handle.get(), X509_get0_pubkey(issuer.handle.get())) != 1) {
    ERR_clear_error();
    return refuse("x509: verification error");
  }
  return {};
}

}  // namespace ccbus::security
