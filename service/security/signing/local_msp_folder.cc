// The signing part of the folder of a local MSP: signcerts and keystore.

#include <optional>
#include <utility>
#include <vector>

#include "service/security/crypto/certificate_encoding.h"
#include "service/security/crypto/files.h"
#include "service/security/crypto/pem.h"
#include "service/security/crypto/private_key.h"
#include "service/security/signing/signing_identity.h"

namespace ccbus::security {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReasonsShown = 3;

struct SigningCertificate {
  fs::path file;
  std::string pem;
  CertificateHandle certificate;
};

// The first file with content in PEM, as Fabric takes it.
Result<SigningCertificate> read_certificate(const fs::path& folder) {
  const auto files = list_files(folder);
  if (!files) return unexpected(files.error());
  for (const fs::path& file : *files) {
    auto content = read_file(file);
    if (!content) return unexpected(content.error());
    const auto block = decode_pem(*content);
    if (!block) continue;
    auto certificate = decode_certificate(block->bytes);
    if (!certificate) {
      return fail(ErrorCode::kInvalid,
                  file.string() + " does not hold a certificate: " + certificate.error().message);
    }
    return SigningCertificate{file, encode_pem("CERTIFICATE", block->bytes),
                              std::move(*certificate)};
  }
  return fail(ErrorCode::kNotFound, "no signing certificate found in directory " + folder.string());
}

Result<KeyHandle> find_key(const fs::path& folder, const SigningCertificate& signer) {
  const auto files = list_files(folder);
  if (!files) return unexpected(files.error());
  std::string reasons;
  std::size_t refused = 0;
  for (const fs::path& file : *files) {
    const auto content = read_file(file);
    auto key = content ? read_private_key(*content) : unexpected(content.error());
    if (key && X509_check_private_key(signer.certificate.get(), key->get()) == 1) return key;
    static_cast<void>(openssl_reason());
    if (++refused > kReasonsShown) continue;
    reasons += (refused == 1 ? ": " : "; ") + file.filename().string() + " " +
               (key ? "is another key" : key.error().message);
  }
  return fail(ErrorCode::kNotFound, "no private key for " + signer.file.string() +
                                        " found in directory " + folder.string() + reasons);
}

}  // namespace

Result<SigningIdentity> SigningIdentity::from_msp_folder(const fs::path& directory,
                                                         const std::string& msp_id) {
  auto signer = read_certificate(directory / "signcerts");
  if (!signer) return unexpected(signer.error());
  auto key = find_key(directory / "keystore", *signer);
  if (!key) return unexpected(key.error());
  auto made = make(msp_id, std::move(signer->pem), std::move(*key));
  if (!made) return fail(made.error().code, signer->file.string() + " " + made.error().message);
  return made;
}

}  // namespace ccbus::security
