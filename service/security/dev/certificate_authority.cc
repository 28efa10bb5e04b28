#include "service/security/dev/certificate_authority.h"

#include <arpa/inet.h>

#include <chrono>
#include <utility>

#include "service/base/hex.h"
#include "service/security/crypto/certificate_encoding.h"
#include "service/security/crypto/digest.h"
#include "service/security/crypto/pem.h"
#include "service/security/crypto/private_key.h"

namespace ccbus::security {
namespace {

constexpr auto kValidity = std::chrono::days(3650);
constexpr auto kBackdated = std::chrono::minutes(5);  // Clocks of other machines may be behind.

using Extensions = std::vector<CertificateContent::Extension>;
using Subject = std::vector<std::pair<std::string, std::string>>;

CertificateContent content_of(Subject subject, Extensions extensions) {
  const auto now = std::chrono::floor<std::chrono::minutes>(std::chrono::system_clock::now());
  const std::chrono::sys_seconds begin = now - kBackdated;
  return {.subject = std::move(subject),
          .not_before = begin,
          .not_after = begin + kValidity,
          .extensions = std::move(extensions)};
}

// Fabric's key identifier: SHA-256 of the public point, unlike OpenSSL's SHA-1.
Result<std::string> key_id(EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const std::size_t size = EVP_PKEY_get1_encoded_public_key(key, &bytes);
  if (size == 0) return fail(ErrorCode::kIo, "OpenSSL cannot encode a public key");
  const std::string_view point(reinterpret_cast<const char*>(bytes), size);
  std::string id = to_hex(as_text(sha256({point})));
  OPENSSL_free(bytes);
  return id;
}

bool is_address(const std::string& name) {
  in6_addr address{};
  return inet_pton(AF_INET, name.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ',';
    text += (is_address(name) ? "IP:" : "DNS:") + name;
  }
  return text;
}

}  // namespace

CertificateAuthority::CertificateAuthority(CertificateHandle certificate, KeyHandle key,
                                           IssuedIdentity own)
    : certificate_(std::move(certificate)), key_(std::move(key)), own_(std::move(own)) {}

Result<CertificateAuthority> CertificateAuthority::create(const std::string& organization,
                                                          const std::string& common_name) {
  auto key = generate_key("P-256");
  if (!key) return unexpected(key.error());
  const auto id = key_id(key->get());
  if (!id) return unexpected(id.error());
  const CertificateContent content =
      content_of({{"C", "US"},
                  {"O", organization},
                  {"L", "San Francisco"},
                  {"ST", "California"},
                  {"CN", common_name}},
                 {{"keyUsage", "critical,digitalSignature,keyEncipherment,keyCertSign,cRLSign"},
                  {"extendedKeyUsage", "clientAuth,serverAuth"},
                  {"basicConstraints", "critical,CA:TRUE"},
                  {"subjectKeyIdentifier", *id}});
  auto certificate = issue_certificate(content, key->get(), {});
  if (!certificate) return unexpected(certificate.error());
  auto key_pem = private_key_pem(key->get());
  if (!key_pem) return unexpected(key_pem.error());
  IssuedIdentity own{certificate_pem(certificate->get()), std::move(*key_pem)};
  return CertificateAuthority(std::move(*certificate), std::move(*key), std::move(own));
}

Result<CertificateAuthority> CertificateAuthority::restore(const IssuedIdentity& written) {
  const auto block = decode_pem(written.certificate_pem);
  if (!block) return fail(ErrorCode::kInvalid, "does not hold a certificate in PEM");
  auto certificate = decode_certificate(block->bytes);
  if (!certificate) return unexpected(certificate.error());
  auto key = read_private_key(written.key_pem);
  if (!key) return unexpected(key.error());
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    static_cast<void>(openssl_reason());
    return fail(ErrorCode::kInvalid, "is not the certificate of its key");
  }
  return CertificateAuthority(std::move(*certificate), std::move(*key), written);
}

std::string CertificateAuthority::organization() const {
  return subject_field(certificate_.get(), NID_organizationName);
}

Result<IssuedIdentity> CertificateAuthority::issue(const CertificateContent& content) const {
  const auto key = generate_key("P-256");
  if (!key) return unexpected(key.error());
  const auto certificate = issue_certificate(content, key->get(), {certificate_.get(), key_.get()});
  if (!certificate) return unexpected(certificate.error());
  auto key_pem = private_key_pem(key->get());
  if (!key_pem) return unexpected(key_pem.error());
  return IssuedIdentity{security::certificate_pem(certificate->get()), std::move(*key_pem)};
}

Result<IssuedIdentity> CertificateAuthority::issue_member(const std::string& common_name,
                                                          const std::string& unit,
                                                          const Extensions& extensions) const {
  CertificateContent content = content_of({{"C", "US"},
                                           {"OU", unit},
                                           {"L", "San Francisco"},
                                           {"ST", "California"},
                                           {"CN", common_name}},
                                          {{"keyUsage", "critical,digitalSignature"},
                                           {"basicConstraints", "critical,CA:FALSE"},
                                           {"authorityKeyIdentifier", "keyid:always"}});
  content.extensions.insert(content.extensions.end(), extensions.begin(), extensions.end());
  return issue(content);
}

Result<IssuedIdentity> CertificateAuthority::issue_tls(
    const std::string& common_name, const std::vector<std::string>& names) const {
  Extensions extensions = {{"keyUsage", "critical,digitalSignature,keyEncipherment"},
                           {"extendedKeyUsage", "serverAuth,clientAuth"},
                           {"basicConstraints", "critical,CA:FALSE"},
                           {"authorityKeyIdentifier", "keyid:always"}};
  if (!names.empty()) extensions.push_back({"subjectAltName", alternative_names(names)});
  return issue(
      content_of({{"C", "US"}, {"L", "San Francisco"}, {"ST", "California"}, {"CN", common_name}},
                 std::move(extensions)));
}

}  // namespace ccbus::security
