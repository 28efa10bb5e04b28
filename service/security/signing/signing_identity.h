#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "service/base/result.h"
#include "service/security/crypto/ecdsa_signature.h"
#include "service/security/crypto/openssl_handles.h"

namespace ccbus::security {

// An identity that signs: an MSP id, an X.509 certificate and its key, of P-256 or P-384.
//
// Thread: any; sign() may be called on several threads at once.
class SigningIdentity {
 public:
  // Makes a new key and a self-signed certificate, in memory only. Such a development identity is
  // the creator of every transaction as long as clients have none of their own; unmodified shims
  // read its certificate like any other.
  // Errors: kIo if OpenSSL fails.
  [[nodiscard]] static Result<SigningIdentity> generate(const std::string& msp_id);

  // Reads cert.pem and key.pem from the directory. If there is no cert.pem, it makes both, readable
  // by their owner only. A loss of power leaves each of them whole or missing.
  //
  // Blocks: on the disk; call it before the bus runs.
  // Errors: kIo, kCorrupt, naming the file.
  [[nodiscard]] static Result<SigningIdentity> load_or_create(
      const std::filesystem::path& directory, const std::string& msp_id);

  // Reads an identity from the folder of a local MSP, as `peer` and the applications of
  // fabric-samples have it: the certificate of the first file in signcerts, and its key, in PKCS#8
  // or SEC1, from any file in keystore. Whether an MSP takes the certificate is not looked at.
  //
  // Blocks: on the disk. Errors: kNotFound  no certificate, or no key that belongs to it; kInvalid
  //         a certificate that cannot be read, or whose key is of another kind; kIo. Each names the
  //         file or folder.
  [[nodiscard]] static Result<SigningIdentity> from_msp_folder(
      const std::filesystem::path& directory, const std::string& msp_id);

  // Takes a certificate and its private key, both in PEM. Errors: kInvalid, also if the one is not
  // the other's.
  [[nodiscard]] static Result<SigningIdentity> from_pem(const std::string& msp_id,
                                                        const std::string& certificate,
                                                        std::string_view key);

  SigningIdentity(SigningIdentity&&) noexcept = default;
  SigningIdentity& operator=(SigningIdentity&&) noexcept = default;

  [[nodiscard]] const std::string& msp_id() const { return msp_id_; }

  // An encoded msp.SerializedIdentity: the creator of a proposal.
  [[nodiscard]] const std::string& serialized() const { return serialized_; }
  [[nodiscard]] const std::string& certificate_pem() const { return certificate_pem_; }

  // Signs with ECDSA over SHA-256, in DER, with the low S that Fabric requires.
  // Errors: kIo if OpenSSL fails.
  [[nodiscard]] Result<std::string> sign(std::string_view bytes) const;

 private:
  SigningIdentity(const std::string& msp_id, std::string certificate_pem, KeyHandle key,
                  CurveOrder order);

  static Result<SigningIdentity> make(const std::string& msp_id, std::string certificate_pem,
                                      KeyHandle key);
  static Result<SigningIdentity> read(const std::filesystem::path& directory,
                                      const std::string& msp_id);
  Result<void> write(const std::filesystem::path& directory) const;

  std::string msp_id_;
  std::string certificate_pem_;
  std::string serialized_;
  CurveOrder order_;
  KeyHandle key_;
  KeyContextHandle signer_;  // Prepared once and copied for each signature. Null if that failed.
};

}  // namespace ccbus::security
