#include "tests/support/test_organization.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "fabric/msp/identities.pb.h"
#include "service/security/crypto/certificate_encoding.h"
#include "service/security/crypto/digest.h"
#include "service/security/crypto/ecdsa_signature.h"
#include "service/security/crypto/pem.h"

namespace ccbus::test {
namespace {

using security::CertificateContent;
using security::CurveOrder;

constexpr int kRsaBits = 2048;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL: " + security::openssl_reason());
}

// A key of P-256 whose encoding has the curve's parameters instead of its name.
EVP_PKEY* make_key_with_parameters() {
  const security::KeyContextHandle context(EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr));
  EVP_PKEY* key = nullptr;
  must(EVP_PKEY_keygen_init(context.get()) == 1 &&
       EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), NID_X9_62_prime256v1) == 1 &&
       EVP_PKEY_CTX_set_ec_param_enc(context.get(), OPENSSL_EC_EXPLICIT_CURVE) == 1 &&
       EVP_PKEY_generate(context.get(), &key) == 1);
  return key;
}

std::shared_ptr<EVP_PKEY> make_key(const std::string& kind) {
  EVP_PKEY* key = nullptr;
  if (kind == "RSA") {
    key = EVP_RSA_gen(kRsaBits);
  } else if (kind == "parameters") {
    key = make_key_with_parameters();
  } else if (kind == "ED25519") {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  } else {
    key = EVP_EC_gen(kind.c_str());
  }
  must(key != nullptr);
  return {key, EVP_PKEY_free};
}

CertificateContent content_of(const CertificateShape& shape) {
  CertificateContent content;
  content.subject = {{"O", "org.example.com"}};
  for (const std::string& unit : shape.units) content.subject.emplace_back("OU", unit);
  content.subject.emplace_back("CN", shape.common_name);
  content.not_before = shape.not_before;
  content.not_after = shape.not_after;
  const auto has = [&](const std::string& name) {
    for (const auto& extension : shape.extensions) {
      if (extension.name == name) return true;
    }
    return false;
  };
  if (!has("basicConstraints")) {
    content.extensions.push_back(
        {"basicConstraints", shape.is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE"});
  }
  if (!has("keyUsage")) {
    content.extensions.push_back({"keyUsage", shape.is_ca
                                                  ? "critical,digitalSignature,keyCertSign,cRLSign"
                                                  : "digitalSignature"});
  }
  if (shape.has_key_id) content.extensions.push_back({"subjectKeyIdentifier", "hash"});
  for (const auto& extension : shape.extensions) {
    if (!extension.value.empty()) content.extensions.push_back(extension);
  }
  return content;
}

Credential make(const CertificateShape& shape, const std::shared_ptr<EVP_PKEY>& key,
                const security::Issuer& issuer) {
  return {must(security::issue_certificate(content_of(shape), key.get(), issuer)), key};
}

}  // namespace

Credential::Credential(security::CertificateHandle certificate, std::shared_ptr<EVP_PKEY> key)
    : certificate_(std::move(certificate)),
      key_(std::move(key)),
      pem_(security::certificate_pem(certificate_.get())) {}

std::string Credential::der() const {
  return security::encode_certificate(certificate_.get());
}

std::string Credential::key_pem() const {
  return must(security::private_key_pem(key_.get()));
}

std::string Credential::serialized(const std::string& msp_id) const {
  msp::SerializedIdentity identity;
  identity.set_mspid(msp_id);
  identity.set_id_bytes(pem_);
  return identity.SerializeAsString();
}

std::string Credential::sign(std::string_view bytes) const {
  const auto order = CurveOrder::of(key_.get());
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  const bool hashes_itself = EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_ED25519;
  must(EVP_DigestSignInit(context.get(), nullptr, hashes_itself ? nullptr : EVP_sha256(), nullptr,
                          key_.get()) == 1);
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
  std::string signature(size, '\0');
  must(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1);
  signature.resize(size);
  return order ? must(order->to_low_s(signature)) : signature;
}

std::string Credential::sign_high_s(std::string_view bytes) const {
  return must(CurveOrder::of(key_.get())->to_high_s(sign(bytes)));
}

std::string Credential::pem_with_high_s(const Credential& issuer) const {
  const std::string signature = must(
      CurveOrder::of(issuer.key().get())->to_high_s(security::signature_of(certificate_.get())));
  return security::encode_pem("CERTIFICATE", must(security::with_signature(der(), signature)));
}

Credential self_signed(const CertificateShape& shape) {
  return make(shape, make_key(shape.key), {});
}

Credential issued_by(const Credential& issuer, const CertificateShape& shape) {
  return issued_by(issuer, shape, make_key(shape.key));
}

Credential issued_by(const Credential& issuer, const CertificateShape& shape,
                     const std::shared_ptr<EVP_PKEY>& key) {
  return make(shape, key, {issuer.certificate(), issuer.key().get()});
}

CertificateShape ca_shape(const std::string& name) {
  return {.common_name = name, .is_ca = true};
}

std::string revocation_list(const Credential& issuer, const std::vector<const Credential*>& revoked,
                            KeyIdentifier identifier) {
  const security::CrlHandle list(X509_CRL_new());
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> date(ASN1_TIME_adj(nullptr, 0, 0, 0),
                                                                   ASN1_TIME_free);
  must(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1);
  must(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.certificate())) == 1);
  must(X509_CRL_set1_lastUpdate(list.get(), date.get()) == 1);
  must(X509_CRL_set1_nextUpdate(list.get(), date.get()) == 1);
  for (const Credential* one : revoked) {
    X509_REVOKED* const entry = X509_REVOKED_new();
    must(X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(one->certificate())) == 1);
    must(X509_REVOKED_set_revocationDate(entry, date.get()) == 1);
    must(X509_CRL_add0_revoked(list.get(), entry) == 1);
  }
  if (identifier == KeyIdentifier::kPresent) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer.certificate(), nullptr, nullptr, list.get(), 0);
    const security::ExtensionHandle extension(
        X509V3_EXT_nconf(nullptr, &context, "authorityKeyIdentifier", "keyid:always"));
    must(extension != nullptr && X509_CRL_add_ext(list.get(), extension.get(), -1) == 1);
  }
  must(X509_CRL_sign(list.get(), issuer.key().get(), EVP_sha256()) > 0);
  unsigned char* bytes = nullptr;
  const int size = i2d_X509_CRL(list.get(), &bytes);
  must(size > 0);
  const std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return security::encode_pem("X509 CRL", der);
}

msp::FabricMSPConfig msp_config(const std::string& id, const std::vector<const Credential*>& roots,
                                const std::vector<const Credential*>& admins) {
  msp::FabricMSPConfig config;
  config.set_name(id);
  for (const Credential* root : roots) config.add_root_certs(root->pem());
  for (const Credential* admin : admins) config.add_admins(admin->pem());
  return config;
}

void enable_roles(msp::FabricMSPConfig& config) {
  msp::FabricNodeOUs& units = *config.mutable_fabric_node_ous();
  units.set_enable(true);
  units.mutable_client_ou_identifier()->set_organizational_unit_identifier("client");
  units.mutable_peer_ou_identifier()->set_organizational_unit_identifier("peer");
  units.mutable_admin_ou_identifier()->set_organizational_unit_identifier("admin");
  units.mutable_orderer_ou_identifier()->set_organizational_unit_identifier("orderer");
}

}  // namespace ccbus::test
