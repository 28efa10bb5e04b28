// The directory of a development identity: cert.pem and key.pem.

#include <utility>

#include "service/base/durable_files.h"
#include "service/security/crypto/certificate_encoding.h"
#include "service/security/crypto/files.h"
#include "service/security/crypto/issue.h"
#include "service/security/crypto/pem.h"
#include "service/security/crypto/private_key.h"
#include "service/security/signing/development_name.h"
#include "service/security/signing/signing_identity.h"

namespace ccbus::security {
namespace {

namespace fs = std::filesystem;

constexpr char kCertificateFile[] = "cert.pem";
constexpr char kKeyFile[] = "key.pem";

// A certificate that a service has made is for one MSP id. One of somebody's own may be for any.
Result<void> check_made_for(const X509* certificate, const std::string& msp_id,
                            const fs::path& directory) {
  if (subject_field(certificate, NID_commonName) != kDevelopmentName) return {};
  const std::string made_for = subject_field(certificate, NID_organizationName);
  if (made_for == msp_id) return {};
  return fail(ErrorCode::kPrecondition,
              (directory / kCertificateFile).string() + " was made for '" + made_for +
                  "', and peer.localMspId is '" + msp_id + "': set it to '" + made_for +
                  "', or move " + kKeyFile + " and " + kCertificateFile + " out of " +
                  directory.string() + ", and the next start makes new ones");
}

std::string what_to_do(const fs::path& directory) {
  return std::string(": restore ") + kKeyFile + " and " + kCertificateFile + " in " +
         directory.string() + " from a backup, or remove both, and the next start makes a new one";
}

unexpected<Error> damaged(const fs::path& file, const std::string& content,
                          const std::string& why) {
  return fail(ErrorCode::kCorrupt, file.string() + (content.empty() ? " is empty" : " " + why) +
                                       what_to_do(file.parent_path()));
}

// Returns null if the text is not a certificate in PEM.
CertificateHandle parse(const std::string& pem) {
  const auto block = decode_pem(pem);
  if (!block) return nullptr;
  auto certificate = decode_certificate(block->bytes);
  return certificate ? std::move(*certificate) : nullptr;
}

}  // namespace

Result<SigningIdentity> SigningIdentity::load_or_create(const fs::path& directory,
                                                        const std::string& msp_id) {
  const auto exists = file_exists(directory / kCertificateFile);
  if (!exists) return unexpected(exists.error());
  if (*exists) {
    if (auto own = make_private(directory); !own) return unexpected(own.error());
    return read(directory, msp_id);
  }
  auto identity = generate(msp_id);
  if (!identity) return identity;
  if (auto written = identity->write(directory); !written) return unexpected(written.error());
  return identity;
}

Result<SigningIdentity> SigningIdentity::read(const fs::path& directory,
                                              const std::string& msp_id) {
  const auto certificate = read_file(directory / kCertificateFile);
  if (!certificate) return unexpected(certificate.error());
  const auto key_text = read_file(directory / kKeyFile);
  if (!key_text) return fail(ErrorCode::kIo, key_text.error().message + what_to_do(directory));

  auto key = read_private_key(*key_text);
  if (!key) return damaged(directory / kKeyFile, *key_text, key.error().message);
  const CertificateHandle parsed = parse(*certificate);
  if (parsed == nullptr || X509_check_private_key(parsed.get(), key->get()) != 1) {
    static_cast<void>(openssl_reason());
    return damaged(directory / kCertificateFile, *certificate,
                   std::string("does not hold the certificate of ") + kKeyFile);
  }
  if (auto own = check_made_for(parsed.get(), msp_id, directory); !own) {
    return unexpected(own.error());
  }
  auto made = make(msp_id, *certificate, std::move(*key));
  if (!made) return damaged(directory / kKeyFile, *key_text, made.error().message);
  return made;
}

Result<void> SigningIdentity::write(const fs::path& directory) const {
  if (auto made = make_directories(directory); !made) return made;
  if (auto own = make_private(directory); !own) return own;
  const auto key_pem = private_key_pem(key_.get());
  if (!key_pem) return unexpected(key_pem.error());
  // The certificate is written last: if it exists, the key does too.
  if (auto key = write_durably(directory / kKeyFile, *key_pem); !key) return key;
  return write_durably(directory / kCertificateFile, certificate_pem_);
}

}  // namespace ccbus::security
