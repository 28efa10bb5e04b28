#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "service/base/result.h"

struct gnutls_session_int;

namespace ccbus::operations {

// What TLS needs, each in PEM.
struct HttpTls {
  std::string certificate;   // With those of the CAs between it and a root, if there are any.
  std::string key;           // Of the certificate.
  std::string client_roots;  // CAs of clients; empty: no client is asked for a certificate.
};

struct HttpTlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::vector<std::filesystem::path> client_roots;
};

// Blocks: on the disk.
// Errors: kIo, naming the file that cannot be read; kInvalid for what is not such a certificate or
//         key, for a key of another certificate, and for roots of which one cannot be read.
[[nodiscard]] Result<HttpTls> read_tls(const HttpTlsFiles& files);

// Whether the client has shown a certificate that one of the roots of `session` has issued, and
// that is valid now, for clients. GnuTLS' session, after its handshake.
[[nodiscard]] bool has_trusted_certificate(gnutls_session_int* session);

}  // namespace ccbus::operations
