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

// Who signs proposals: an MSP id, an X.509 certificate and its P-256 key.
//
// Until clients bring identities of their own, every transaction's creator is the development
// identity that the service makes for itself at its first start: self-signed, which stock shims
// read as they would any other.
//
// Thread: any; sign() on several at once.
class SigningIdentity {
 public:
  // A new key and a self-signed certificate, in memory only.
  // Errors: kIo if OpenSSL cannot make one.
  [[nodiscard]] static Result<SigningIdentity> generate(const std::string& msp_id);

  // Reads cert.pem and key.pem (readable by the owner only) from the directory, or makes them.
  //
  // Blocks: on the disk; call before the bus runs.
  // Errors: kIo, kCorrupt, naming the file.
  [[nodiscard]] static Result<SigningIdentity> load_or_create(
      const std::filesystem::path& directory, const std::string& msp_id);

  SigningIdentity(SigningIdentity&&) noexcept = default;
  SigningIdentity& operator=(SigningIdentity&&) noexcept = default;

  [[nodiscard]] const std::string& msp_id() const { return msp_id_; }

  // An encoded msp.SerializedIdentity: the creator.
  [[nodiscard]] const std::string& serialized() const { return serialized_; }
  [[nodiscard]] const std::string& certificate_pem() const { return certificate_pem_; }

  // ECDSA over SHA-256, DER, with the low S that Fabric asks for.
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
  Signer signer_;  // Set up once, which saves a fifth of each signature. Null if that failed.
};

}  // namespace ccbus::gateway
