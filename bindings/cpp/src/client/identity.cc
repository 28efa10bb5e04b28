#include "ccbus/client/identity.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

#include "fabric/msp/identities.pb.h"

namespace ccbus::client {
namespace {

template <auto Free>
struct Freed {
  template <class Object>
  void operator()(Object* object) const {
    Free(object);
  }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using BioHandle = std::unique_ptr<BIO, Freed<BIO_free>>;
using CertificateHandle = std::unique_ptr<X509, Freed<X509_free>>;
using DigestHandle = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using SignatureHandle = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using NumberHandle = std::unique_ptr<BIGNUM, Freed<BN_free>>;

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw std::invalid_argument(file.string() + " cannot be read");
  return content;
}

// The files of a folder, by name.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  if (failed || files.empty()) throw std::invalid_argument(folder.string() + " has no file");
  std::sort(files.begin(), files.end());
  return files;
}

BioHandle memory(const std::string& text) {
  return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// No phrase: OpenSSL would ask for one at the terminal.
KeyHandle parse_key(const std::string& pem) {
  std::array<char, 1> none{};
  return KeyHandle(PEM_read_bio_PrivateKey(memory(pem).get(), nullptr, nullptr, none.data()));
}

KeyHandle public_key_of(const std::string& certificate_pem) {
  const CertificateHandle certificate(
      PEM_read_bio_X509(memory(certificate_pem).get(), nullptr, nullptr, nullptr));
  return KeyHandle(certificate == nullptr ? nullptr : X509_get_pubkey(certificate.get()));
}

std::string serialize(const std::string& certificate_pem, const std::string& msp_id) {
  msp::SerializedIdentity identity;
  identity.set_mspid(msp_id);
  identity.set_id_bytes(certificate_pem);
  return identity.SerializeAsString();
}

// The order of the curve of a key; null if it is not one of ECDSA.
NumberHandle order_of(EVP_PKEY* key) {
  BIGNUM* order = nullptr;
  return NumberHandle(EVP_PKEY_get_bn_param(key, "order", &order) == 1 ? order : nullptr);
}

// Of the two signatures that hold, the one with the lower S.
std::string with_low_s(const std::string& der, const BIGNUM* order) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const SignatureHandle signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  const NumberHandle half(BN_dup(order));
  if (signature == nullptr || half == nullptr || BN_rshift1(half.get(), half.get()) != 1)
    throw std::runtime_error("OpenSSL cannot sign");
  const BIGNUM* const s = ECDSA_SIG_get0_s(signature.get());
  if (BN_cmp(s, half.get()) <= 0) return der;
  BIGNUM* const low = BN_new();
  BN_sub(low, order, s);
  ECDSA_SIG_set0(signature.get(), BN_dup(ECDSA_SIG_get0_r(signature.get())), low);
  std::string encoded(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(encoded.data());
  i2d_ECDSA_SIG(signature.get(), &out);
  return encoded;
}

}  // namespace

struct Identity::Key {
  std::shared_ptr<EVP_PKEY> key;
  std::shared_ptr<BIGNUM> order;  // Of its curve.
};

Identity::Identity(std::string serialized, std::shared_ptr<const Key> key)
    : serialized_(std::move(serialized)), key_(std::move(key)) {}

Identity Identity::from_msp_folder(const std::filesystem::path& folder, const std::string& msp_id) {
  if (msp_id.empty())
    throw std::invalid_argument("the MSP id is missing: --msp-id or CORE_PEER_LOCALMSPID");
  const std::filesystem::path file = files_in(folder / "signcerts").front();
  const std::string certificate = read_file(file);
  const KeyHandle public_key = public_key_of(certificate);
  if (public_key == nullptr) throw std::invalid_argument(file.string() + " is no certificate");
  for (const std::filesystem::path& candidate : files_in(folder / "keystore")) {
    auto key = std::make_shared<Key>();
    key->key = parse_key(read_file(candidate));
    if (key->key == nullptr || EVP_PKEY_eq(key->key.get(), public_key.get()) != 1) continue;
    key->order = order_of(key->key.get());
    if (key->order == nullptr)
      throw std::invalid_argument(candidate.string() + " is not a key of ECDSA");
    return {serialize(certificate, msp_id), std::move(key)};
  }
  throw std::invalid_argument((folder / "keystore").string() + " has no key of " + file.string());
}

Identity Identity::without_key(const std::string& certificate_pem, const std::string& msp_id) {
  if (public_key_of(certificate_pem) == nullptr)
    throw std::invalid_argument("not a certificate in PEM");
  return {serialize(certificate_pem, msp_id), nullptr};
}

std::string Identity::sign(std::string_view bytes) const {
  if (key_ == nullptr) throw std::runtime_error("this identity has no key: it signs elsewhere");
  const DigestHandle context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data, bytes.size()) != 1)
    throw std::runtime_error("OpenSSL cannot sign");
  std::string der(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(der.data()), &size, data,
                     bytes.size()) != 1)
    throw std::runtime_error("OpenSSL cannot sign");
  der.resize(size);
  return with_low_s(der, key_->order.get());
}

}  // namespace ccbus::client
