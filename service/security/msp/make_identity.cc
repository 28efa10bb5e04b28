#include "service/security/msp/make_identity.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "service/base/hex.h"
#include "service/security/crypto/pem.h"
#include "service/security/msp/low_s_certificate.h"
#include "service/security/msp/refusal.h"

namespace ccbus::security {
namespace {

constexpr std::size_t kShownBytes = 8;  // Of a certifiers id in a text.

// The units of an identity in a text, as Fabric prints them: "[client(0A1B...) org(...)]".
std::string describe_units(const Identity& identity) {
  std::string certifiers = to_hex(as_text(identity.certifiers_id()).substr(0, kShownBytes));
  std::transform(certifiers.begin(), certifiers.end(), certifiers.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::string text = "[";
  for (const std::string& unit : identity.organizational_units()) {
    if (text.size() > 1) text += ' ';
    text += unit + "(" + certifiers + ")";
  }
  return text + "]";
}

// One of the units is among those that the MSP recognises. validateIdentityOUsV1.
Result<void> check_recognised_units(const MspRules& rules, const Identity& identity) {
  if (rules.ou_identifiers.empty()) return {};
  for (const std::string& unit : identity.organizational_units()) {
    const auto known = rules.ou_identifiers.find(unit);
    if (known != rules.ou_identifiers.end() && known->second.contains(identity.certifiers_id())) {
      return {};
    }
  }
  if (identity.organizational_units().empty()) {
    return refuse("the identity certificate does not contain an Organizational Unit (OU)");
  }
  return refuse("none of the identity's organizational units " + describe_units(identity) +
                " are in MSP " + rules.id);
}

const OuIdentifier* find_role(const MspRules& rules, const std::string& unit) {
  const OuIdentifier* found = nullptr;
  for (const auto& [role, identifier] : rules.role_ous) {
    if (identifier.name == unit) found = &identifier;  // The last one, as in Fabric.
  }
  return found;
}

// Exactly one unit says a role. validateIdentityOUsV142.
Result<void> check_one_role(const MspRules& rules, const Identity& identity) {
  if (!rules.enforces_roles) return {};
  int roles = 0;
  for (const std::string& unit : identity.organizational_units()) {
    const OuIdentifier* const role = find_role(rules, unit);
    if (role == nullptr) continue;
    if (role->certifiers_id && *role->certifiers_id != identity.certifiers_id()) {
      return refuse("certifiersIdentifier does not match: " + describe_units(identity) +
                    ", MSP: [" + rules.id + "]");
    }
    if (++roles > 1) break;
  }
  if (roles == 1) return {};
  const std::string where = ". OUs: " + describe_units(identity) + ", MSP: [" + rules.id + "]";
  if (roles == 0) {
    return refuse(
        "the identity does not have an OU that resolves to client, peer, orderer, or "
        "admin role" +
        where);
  }
  return refuse(
      "the identity must have a client, a peer, an orderer, or an admin OU role to be "
      "valid, not a combination of them" +
      where);
}

Result<void> check_key(const MspRules& rules, const Certificate& certificate) {
  const auto unsupported = [](const std::string& name) {
    return refuse("could not validate identity's public key algorithm: " + name +
                  " is not supported");
  };
  switch (certificate.key_kind) {
    case KeyKind::kP256:
    case KeyKind::kP384: return {};
    case KeyKind::kOtherEcdsa: return unsupported("ECDSA of a curve other than P-256 and P-384");
    case KeyKind::kEd25519:
      if (rules.options.ed25519) return {};
      return unsupported("Ed25519");
    case KeyKind::kRsa: return unsupported("RSA");
    case KeyKind::kOther: break;
  }
  return unsupported("this kind of key");
}

Result<void> check_not_revoked(const MspRules& rules, const Certificate& certificate,
                               const Certificate& issuer) {
  const auto list = rules.revoked.find(&issuer);
  if (list == rules.revoked.end() || !list->second.contains(certificate.serial_hex)) return {};
  return refuse("The certificate has been revoked");
}

Result<void> with_prefix(const std::string& prefix, Result<void> result) {
  if (result) return result;
  return fail(result.error().code, prefix + result.error().message);
}

Result<Chain> identity_chain(const MspRules& rules, const Certificate& certificate) {
  if (certificate.is_ca) {
    return refuse(
        "An X509 certificate with Basic Constraint: Certificate Authority equals true "
        "cannot be used as an identity");
  }
  auto chain = find_only_chain(certificate, rules.tree);
  if (!chain) return refuse("failed getting validation chain: " + chain.error().message);
  if (chain->size() < 2) return refuse("expected a chain of length at least 2, got 1");
  return chain;
}

Result<void> check_issuer(const MspRules& rules, const Certificate& issuer) {
  if (!rules.inner_cas.contains(issuer.der)) return {};
  return refuse(
      "invalid validation chain. Parent certificate should be a leaf of the "
      "certification tree: '" +
      issuer.common_name + "' has certificate authorities below it");
}

Result<void> validate(const MspRules& rules, const Identity& identity, const Result<Chain>& chain) {
  const Certificate& certificate = identity.certificate();
  if (auto key = check_key(rules, certificate); !key) return key;
  const std::string no_chain = "could not obtain certification chain: ";
  if (!chain) return with_prefix(no_chain, unexpected(chain.error()));
  const Certificate& issuer = *(*chain)[1];
  if (auto leaf = check_issuer(rules, issuer); !leaf) return with_prefix(no_chain, leaf);
  if (auto good = check_not_revoked(rules, certificate, issuer); !good) {
    return with_prefix("could not validate identity against certification chain: ", good);
  }
  auto units = check_recognised_units(rules, identity);
  if (units) units = check_one_role(rules, identity);
  return with_prefix("could not validate identity's OUs: ", std::move(units));
}

}  // namespace

Result<std::shared_ptr<Identity>> make_identity(const MspRules& rules,
                                                CertificatePointer certificate) {
  const auto chain = identity_chain(rules, *certificate);
  if (!chain && certificate->has_ecdsa_signature && !certificate->is_ca) {
    return unexpected(chain.error());
  }
  Chain certifiers;  // None if an inner CA is the issuer: that attests nobody's units.
  if (chain) {
    const Certificate& issuer = *(*chain)[1];
    auto low = to_low_s(std::move(certificate), issuer);
    if (!low) return unexpected(low.error());
    certificate = std::move(*low);
    if (check_issuer(rules, issuer)) certifiers.assign(chain->begin() + 1, chain->end());
  }
  auto identity = std::make_shared<Identity>(rules.id, std::move(certificate), certifiers);
  identity->set_validity(validate(rules, *identity, chain));
  return identity;
}

Result<std::shared_ptr<Identity>> make_identity(const MspRules& rules, std::string_view pem) {
  if (pem.size() > kIdentityBytesMax) {
    return fail(ErrorCode::kExhausted, "the certificate has " + std::to_string(pem.size()) +
                                           " bytes, more than " +
                                           std::to_string(kIdentityBytesMax));
  }
  const auto block = decode_pem(pem);
  if (!block) return refuse("could not decode the PEM structure");
  if (block->type != "CERTIFICATE") {
    return refuse("pem type is " + block->type + ", should be 'CERTIFICATE'");
  }
  if (block->rest.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    return refuse("identity for MSP " + rules.id + " has trailing bytes");
  }
  auto certificate = Certificate::from_der(block->bytes);
  if (!certificate) return refuse("parseCertificate failed: " + certificate.error().message);
  return make_identity(rules, std::move(*certificate));
}

}  // namespace ccbus::security
