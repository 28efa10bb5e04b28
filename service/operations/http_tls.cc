#include "service/operations/http_tls.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <memory>
#include <type_traits>
#include <utility>

#include "service/security/crypto/files.h"

namespace ccbus::operations {
namespace {

using Credentials = std::unique_ptr<std::remove_pointer_t<gnutls_certificate_credentials_t>,
                                    decltype(&gnutls_certificate_free_credentials)>;

gnutls_datum_t datum_of(const std::string& text) {
  // It does not write to it.
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),
          static_cast<unsigned int>(text.size())};
}

Credentials make_credentials() {
  gnutls_certificate_credentials_t made = nullptr;
  const bool is_made = gnutls_certificate_allocate_credentials(&made) == GNUTLS_E_SUCCESS;
  return {is_made ? made : nullptr, &gnutls_certificate_free_credentials};
}

unexpected<Error> refused(const std::string& what, int code) {
  return fail(ErrorCode::kInvalid, what + ": " + gnutls_strerror(code));
}

}  // namespace

Result<HttpTls> read_tls(const HttpTlsFiles& files) {
  HttpTls tls;
  auto certificate = security::read_file(files.certificate);
  if (!certificate) return unexpected(certificate.error());
  auto key = security::read_file(files.key);
  if (!key) return unexpected(key.error());
  tls.certificate = std::move(*certificate);
  tls.key = std::move(*key);
  const Credentials credentials = make_credentials();
  if (!credentials) return fail(ErrorCode::kExhausted, "there is no memory for a certificate");
  const auto certificate_pem = datum_of(tls.certificate);
  const auto key_pem = datum_of(tls.key);
  const int matches = gnutls_certificate_set_x509_key_mem(credentials.get(), &certificate_pem,
                                                          &key_pem, GNUTLS_X509_FMT_PEM);
  if (matches != GNUTLS_E_SUCCESS) {
    return refused(files.certificate.string() + " with the key " + files.key.string(), matches);
  }
  for (const auto& file : files.client_roots) {
    auto roots = security::read_file(file);
    if (!roots) return unexpected(roots.error());
    const auto pem = datum_of(*roots);
    const int count =
        gnutls_certificate_set_x509_trust_mem(credentials.get(), &pem, GNUTLS_X509_FMT_PEM);
    if (count < 0) return refused(file.string(), count);
    if (count == 0) return fail(ErrorCode::kInvalid, file.string() + ": there is no certificate");
    tls.client_roots += *roots + "\n";
  }
  return tls;
}

bool has_trusted_certificate(gnutls_session_int* session) {
  if (session == nullptr) return false;
  gnutls_typed_vdata_st purpose{};
  purpose.type = GNUTLS_DT_KEY_PURPOSE_OID;
  purpose.data = reinterpret_cast<unsigned char*>(const_cast<char*>(GNUTLS_KP_TLS_WWW_CLIENT));
  unsigned int problems = 0;
  return gnutls_certificate_verify_peers(session, &purpose, 1, &problems) == GNUTLS_E_SUCCESS &&
         problems == 0;
}

}  // namespace ccbus::operations
