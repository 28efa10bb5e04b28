#include "service/gateway/transactions/identity.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "fabric/msp/identities.pb.h"
#include "service/base/durable_files.h"
#include "service/ledger/block/sha256.h"

namespace ccbus::gateway {
namespace {

namespace fs = std::filesystem;

constexpr char kCertificateFile[] = "cert.pem";
constexpr char kKeyFile[] = "key.pem";
constexpr char kCommonName[] = "ccbus-dev";
constexpr long kSecondsValid = 10L * 365 * 24 * 3600;
constexpr int kSerialBits = 127;

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeBignum {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
struct FreeSignature {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Bignum = std::unique_ptr<BIGNUM, FreeBignum>;

std::string contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

bool set_random_serial(X509* certificate) {
  const Bignum serial(BN_new());
  return BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_names(X509* certificate, const std::string& organization) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto add = [&](const char* field, const std::string& value) {
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(value.data()),
                                      static_cast<int>(value.size()), -1, 0) == 1;
  };
  return add("O", organization) && add("OU", "client") && add("CN", kCommonName) &&
         X509_set_issuer_name(certificate, name) == 1;
}

// Returns a self-signed certificate in PEM; empty if OpenSSL fails.
std::string self_signed(EVP_PKEY* key, const std::string& organization) {
  const std::unique_ptr<X509, FreeX509> certificate(X509_new());
  const std::unique_ptr<BIO, FreeBio> out(BIO_new(BIO_s_mem()));
  const bool made =
      X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
      set_random_serial(certificate.get()) &&
      X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kSecondsValid) != nullptr &&
      set_names(certificate.get(), organization) && X509_set_pubkey(certificate.get(), key) == 1 &&
      X509_sign(certificate.get(), key, EVP_sha256()) > 0 &&
      PEM_write_bio_X509(out.get(), certificate.get()) == 1;
  return made ? contents(out.get()) : std::string();
}

// A field of the certificate's subject; empty if it has none.
std::string subject_field(const X509* certificate, int nid) {
  const X509_NAME* name = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) return {};
  std::string field(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return field;
}

// A certificate that a service has made is for one MSP id. One of somebody's own may be for any.
Result<void> check_made_for(const X509* certificate, const std::string& msp_id,
                            const fs::path& directory) {
  if (subject_field(certificate, NID_commonName) != kCommonName) return {};
  const std::string made_for = subject_field(certificate, NID_organizationName);
  if (made_for == msp_id) return {};
  return fail(ErrorCode::kPrecondition,
              (directory / kCertificateFile).string() + " was made for '" + made_for +
                  "', and peer.localMspId is '" + msp_id + "': set it to '" + made_for +
                  "', or move " + kKeyFile + " and " + kCertificateFile + " out of " +
                  directory.string() + ", and the next start makes new ones");
}

// For each ECDSA signature (r, s) the pair (r, n - s) is valid too. Fabric accepts only the one
// with the smaller s.
bool make_low_s(ECDSA_SIG* signature, const EC_GROUP* group) {
  const BIGNUM* r = ECDSA_SIG_get0_r(signature);
  const BIGNUM* s = ECDSA_SIG_get0_s(signature);
  const BIGNUM* order = EC_GROUP_get0_order(group);
  const Bignum half(BN_dup(order));
  if (BN_rshift1(half.get(), half.get()) != 1) return false;
  if (BN_cmp(s, half.get()) <= 0) return true;
  Bignum low(BN_new());
  Bignum same_r(BN_dup(r));
  if (BN_sub(low.get(), order, s) != 1) return false;
  return ECDSA_SIG_set0(signature, same_r.release(), low.release()) == 1;
}

std::string to_der(const ECDSA_SIG* signature) {
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature, nullptr)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(signature, &out);
  return der;
}

Result<std::string> read_file(const fs::path& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in) {
    return fail(ErrorCode::kIo, "cannot read " + path.string() + ": " + std::strerror(errno));
  }
  return text;
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

}  // namespace

void SigningIdentity::FreeKey::operator()(EVP_PKEY* key) const {
  EVP_PKEY_free(key);
}

void SigningIdentity::FreeGroup::operator()(EC_GROUP* group) const {
  EC_GROUP_free(group);
}

void SigningIdentity::FreeSigner::operator()(EVP_PKEY_CTX* signer) const {
  EVP_PKEY_CTX_free(signer);
}

SigningIdentity::Signer SigningIdentity::make_signer(EVP_PKEY* key) {
  Signer signer(EVP_PKEY_CTX_new(key, nullptr));
  if (signer != nullptr && EVP_PKEY_sign_init(signer.get()) != 1) signer.reset();
  return signer;
}

SigningIdentity::SigningIdentity(const std::string& msp_id, std::string certificate_pem, Key key)
    : msp_id_(msp_id),
      certificate_pem_(std::move(certificate_pem)),
      group_(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)),
      key_(std::move(key)),
      signer_(make_signer(key_.get())) {
  msp::SerializedIdentity identity;
  identity.set_mspid(msp_id);
  identity.set_id_bytes(certificate_pem_);
  serialized_ = identity.SerializeAsString();
}

Result<SigningIdentity> SigningIdentity::generate(const std::string& msp_id) {
  Key key(EVP_EC_gen("P-256"));
  if (key == nullptr) return fail(ErrorCode::kIo, "OpenSSL cannot make a P-256 key");
  std::string pem = self_signed(key.get(), msp_id);
  if (pem.empty()) return fail(ErrorCode::kIo, "OpenSSL cannot make a certificate");
  return SigningIdentity(msp_id, std::move(pem), std::move(key));
}

Result<SigningIdentity> SigningIdentity::load_or_create(const fs::path& directory,
                                                        const std::string& msp_id) {
  std::error_code error;
  const bool exists = fs::exists(directory / kCertificateFile, error);
  if (error) {
    return fail(ErrorCode::kIo, "cannot look for " + (directory / kCertificateFile).string() +
                                    ": " + error.message());
  }
  if (exists) {
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

  const std::unique_ptr<BIO, FreeBio> key_in(
      BIO_new_mem_buf(key_text->data(), static_cast<int>(key_text->size())));
  Key key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, nullptr, nullptr));
  if (key == nullptr) {
    return damaged(directory / kKeyFile, *key_text, "does not hold a private key in PEM");
  }
  const std::unique_ptr<BIO, FreeBio> certificate_in(
      BIO_new_mem_buf(certificate->data(), static_cast<int>(certificate->size())));
  const std::unique_ptr<X509, FreeX509> parsed(
      PEM_read_bio_X509(certificate_in.get(), nullptr, nullptr, nullptr));
  if (parsed == nullptr || X509_check_private_key(parsed.get(), key.get()) != 1) {
    return damaged(directory / kCertificateFile, *certificate,
                   std::string("does not hold the certificate of ") + kKeyFile);
  }
  if (auto own = check_made_for(parsed.get(), msp_id, directory); !own) {
    return unexpected(own.error());
  }
  return SigningIdentity(msp_id, *certificate, std::move(key));
}

Result<void> SigningIdentity::write(const fs::path& directory) const {
  if (auto made = make_directories(directory); !made) return made;
  if (auto own = make_private(directory); !own) return own;
  const std::unique_ptr<BIO, FreeBio> out(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return fail(ErrorCode::kIo, "OpenSSL cannot encode the key");
  }
  // The certificate is written last: if it exists, the key does too.
  if (auto key = write_durably(directory / kKeyFile, contents(out.get())); !key) return key;
  return write_durably(directory / kCertificateFile, certificate_pem_);
}

Result<std::string> SigningIdentity::sign(std::string_view bytes) const {
  const std::string digest = ledger::sha256({bytes});
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
  std::string der(size, '\0');
  const Signer signer(signer_ != nullptr ? EVP_PKEY_CTX_dup(signer_.get()) : nullptr);
  if (signer == nullptr ||
      EVP_PKEY_sign(signer.get(), reinterpret_cast<unsigned char*>(der.data()), &size,
                    reinterpret_cast<const unsigned char*>(digest.data()), digest.size()) != 1) {
    return fail(ErrorCode::kIo, "OpenSSL cannot sign");
  }
  const auto* in = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, FreeSignature> signature(
      d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(size)));
  if (signature == nullptr || !make_low_s(signature.get(), group_.get())) {
    return fail(ErrorCode::kIo, "OpenSSL cannot bring the signature into its low-S form");
  }
  return to_der(signature.get());
}

}  // namespace ccbus::gateway
