#pragma once

#include <string>
#include <string_view>

#include "service/base/result.h"
#include "service/security/crypto/openssl_handles.h"

namespace ccbus::security {

// Decodes one certificate in DER.
// Errors: kInvalid, also if anything follows it.
[[nodiscard]] Result<CertificateHandle> decode_certificate(std::string_view der);

[[nodiscard]] std::string encode_certificate(const X509* certificate);

// The first field of a kind in the certificate's subject, in UTF-8; empty if it has none.
[[nodiscard]] std::string subject_field(const X509* certificate, int nid);

// The signature at the end of a certificate, as it is encoded inside its bit string.
[[nodiscard]] std::string_view signature_of(const X509* certificate);

// Returns the certificate in DER with another signature; everything that is signed stays as it is,
// byte for byte. Errors: kInvalid if the bytes are not a certificate.
[[nodiscard]] Result<std::string> with_signature(std::string_view der, std::string_view signature);

// OpenSSL's reason for the last failure on this thread, for an error's text. Clears its queue.
[[nodiscard]] std::string openssl_reason();

}  // namespace ccbus::security
