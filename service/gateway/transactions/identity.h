#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "service/base/result.h"

using EC_GROUP = struct ec_group_st;
using EVP_PKEY = struct evp_pkey_st;
using EVP_PKEY_CTX = struct evp_pkey_ctx_st;

namespace ccbus::gateway {

// The identity that signs proposals: an MSP id, an X.509 certificate and its P-256 key.
//
// Clients have no identities yet. The creator of every transaction is a development identity that
// the service makes at its first start. Its certificate is self-signed; unmodified shims read it
// like any other.
//
// Thread: any; sign() may be called on several threads at once.
class SigningIdentity {
 public:
  // Makes a new key and a self-signed certificate, in memory only.
  // Errors: kIo if OpenSSL fails.
  [[nodiscard]] static Result<SigningIdentity> generate(const std::string& msp_id);

  // Reads cert.pem and key.pem from the directory. If there is no cert.pem, it makes both, readable
  // by their owner only. A loss of power leaves each of them whole or missing.
  //
  // Blocks: on the disk; call it before the bus runs.
  // Errors: kIo, kCorrupt, naming the file.
  [[nodiscard]] static Result<SigningIdentity> load_or_create(
      const std::filesystem::path& directory, const std::string& msp_id);

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
  struct FreeKey {
    void operator()(EVP_PKEY* key) const;
  };
  using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

  struct FreeSigner {
    void operator()(EVP_PKEY_CTX* signer) const;
  };
  using Signer = std::unique_ptr<EVP_PKEY_CTX, FreeSigner>;

  struct FreeGroup {
    void operator()(EC_GROUP* group) const;
  };
  using Group = std::unique_ptr<EC_GROUP, FreeGroup>;

  static Signer make_signer(EVP_PKEY* key);

  SigningIdentity(const std::string& msp_id, std::string certificate_pem, Key key);

  static Result<SigningIdentity> read(const std::filesystem::path& directory,
                                      const std::string& msp_id);
  Result<void> write(const std::filesystem::path& directory) const;

  std::string msp_id_;
  std::string certificate_pem_;
  std::string serialized_;
  Group group_;  // P-256, for its order.
  Key key_;
  Signer signer_;  // Prepared once and copied for each signature. Null if that failed.
};

}  // namespace ccbus::gateway
