#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/base/result.h"
#include "service/security/crypto/openssl_handles.h"

namespace ccbus::security {

// What a new certificate says.
struct CertificateContent {
  struct Extension {
    std::string name;   // As OpenSSL knows it, or the numbers of its object identifier.
    std::string value;  // As in a configuration file of OpenSSL: "critical,CA:TRUE".
  };

  std::vector<std::pair<std::string, std::string>> subject;  // {"CN", "peer0"}, in this order.
  std::chrono::sys_seconds not_before;
  std::chrono::sys_seconds not_after;
  std::vector<Extension> extensions;
};

// A certificate authority that signs, or nobody: then the new certificate signs itself.
struct Issuer {
  const X509* certificate = nullptr;
  EVP_PKEY* key = nullptr;
};

// Makes a certificate with a random serial number of 127 bits, signed with SHA-256 (SHA-384 by a
// key of P-384) and a low S.
//
// Thread: any. Errors: kInvalid names the extension that OpenSSL does not take; kIo.
[[nodiscard]] Result<CertificateHandle> issue_certificate(const CertificateContent& content,
                                                          EVP_PKEY* subject_key,
                                                          const Issuer& issuer);

// Makes a key of a curve, "P-256" or "P-384". Errors: kIo.
[[nodiscard]] Result<KeyHandle> generate_key(const char* curve);

// A private key in PKCS#8, in PEM. Errors: kIo.
[[nodiscard]] Result<std::string> private_key_pem(const EVP_PKEY* key);

// A certificate in PEM.
[[nodiscard]] std::string certificate_pem(const X509* certificate);

}  // namespace ccbus::security
