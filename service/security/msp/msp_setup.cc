#include "service/security/msp/msp_setup.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/security/msp/low_s_certificate.h"
#include "service/security/msp/make_identity.h"
#include "service/security/msp/principals.h"
#include "service/security/msp/refusal.h"
#include "service/security/msp/revocation_list.h"

namespace ccbus::security {
namespace {

using PemList = google::protobuf::RepeatedPtrField<std::string>;

Result<void> check_crypto(const msp::FabricCryptoConfig& crypto) {
  const std::string& family = crypto.signature_hash_family();
  if (!family.empty() && family != "SHA2") {
    return refuse("hash family not recognized [" + family + "]; SHA2 is");
  }
  const std::string& hash = crypto.identity_identifier_hash_function();
  if (!hash.empty() && hash != "SHA256") {
    return refuse("hash function not recognized [" + hash + "]; SHA256 is");
  }
  return {};
}

Result<void> check_ca_form(const Certificate& ca) {
  if (!ca.is_ca) {
    return refuse("CA Certificate did not have the CA attribute, (SN: " + ca.serial_hex + ")");
  }
  if (!ca.subject_key_id) {
    return refuse("CA Certificate problem with Subject Key Identifier extension, (SN: " +
                  ca.serial_hex + "): subjectKeyIdentifier not found in certificate");
  }
  if (ca.key_kind == KeyKind::kOther) {
    return refuse(
        "Certificate's public key type not recognized. Supported keys: [ECDSA, ED25519, "
        "RSA]");
  }
  return {};
}

Result<std::vector<CertificatePointer>> read_cas(const PemList& pems) {
  std::vector<CertificatePointer> cas;
  for (const std::string& pem : pems) {
    auto ca = Certificate::from_pem(pem);
    if (!ca) return unexpected(ca.error());
    if (auto form = check_ca_form(**ca); !form) return unexpected(form.error());
    add_certificate(cas, std::move(*ca));
  }
  return cas;
}

Result<CaTree> read_tree(const PemList& roots, const PemList& intermediates) {
  auto read_roots = read_cas(roots);
  if (!read_roots) return unexpected(read_roots.error());
  auto read_intermediates = read_cas(intermediates);
  if (!read_intermediates) return unexpected(read_intermediates.error());
  return CaTree{std::move(*read_roots), std::move(*read_intermediates)};
}

Result<CaTree> to_low_s(const CaTree& given) {
  CaTree tree;
  for (const CertificatePointer& root : given.roots) {
    auto low = to_low_s(root, given);
    if (!low) return unexpected(low.error());
    add_certificate(tree.roots, std::move(*low));
  }
  for (const CertificatePointer& intermediate : given.intermediates) {
    auto low = to_low_s(intermediate, given);
    if (!low) return unexpected(low.error());
    add_certificate(tree.intermediates, std::move(*low));
  }
  return tree;
}

Result<std::vector<RevocationList>> read_lists(const PemList& pems) {
  std::vector<RevocationList> lists;
  for (const std::string& pem : pems) {
    auto list = RevocationList::read(pem);
    if (!list) return unexpected(list.error());
    lists.push_back(std::move(*list));
  }
  return lists;
}

using Revoked = std::map<const Certificate*, std::set<std::string>>;

Revoked find_revoked(const CaTree& tree, const std::vector<RevocationList>& lists) {
  Revoked revoked;
  for (const auto* cas : {&tree.roots, &tree.intermediates}) {
    for (const CertificatePointer& ca : *cas) {
      for (const RevocationList& list : lists) {
        if (list.is_of(*ca))
          revoked[ca.get()].insert(list.serials_hex().begin(), list.serials_hex().end());
      }
    }
  }
  return revoked;
}

// Returns the chain of a CA, which is valid and was not revoked.
Result<Chain> check_ca(const Certificate& ca, const CaTree& tree, const Revoked& revoked) {
  const std::string prefix = "CA Certificate is not valid, (SN: " + ca.serial_decimal + "): ";
  auto chain = find_only_chain(ca, tree);
  if (!chain) {
    return refuse(prefix + "could not obtain certification chain: " + chain.error().message);
  }
  if (chain->size() > 1) {
    const auto list = revoked.find((*chain)[1]);
    if (list != revoked.end() && list->second.contains(ca.serial_hex)) {
      return refuse(prefix + "The certificate has been revoked");
    }
  }
  return chain;
}

Result<void> check_cas(const CaTree& tree, const Revoked& revoked,
                       std::set<std::string>* inner_cas) {
  for (const auto* cas : {&tree.roots, &tree.intermediates}) {
    for (const CertificatePointer& ca : *cas) {
      const auto chain = check_ca(*ca, tree, revoked);
      if (!chain) return unexpected(chain.error());
      if (cas != &tree.intermediates || inner_cas == nullptr) continue;
      for (std::size_t at = 1; at < chain->size(); ++at) inner_cas->insert((*chain)[at]->der);
    }
  }
  return {};
}

// SHA-256 of the chain that begins with the CA of this certificate. getCertifiersIdentifier.
Result<Sha256Digest> certifiers_id(const MspRules& rules, const std::string& pem) {
  auto certificate = Certificate::from_pem(pem);
  if (certificate) certificate = to_low_s(std::move(*certificate), rules.tree);
  if (!certificate) {
    return refuse("Failed getting certificate for an organizational unit: " +
                  certificate.error().message);
  }
  const Certificate& ca = **certificate;
  const auto& [roots, intermediates] = rules.tree;
  const auto is_it = [&](const CertificatePointer& one) { return one->der == ca.der; };
  if (std::any_of(roots.begin(), roots.end(), is_it)) return sha256({ca.der});
  if (std::none_of(intermediates.begin(), intermediates.end(), is_it)) {
    return refuse("Failed adding OU. Certificate [" + ca.common_name +
                  "] not in root or intermediate certs.");
  }
  const std::string prefix = "Failed computing validation chain for [" + ca.common_name + "]. ";
  const auto chain = find_only_chain(ca, rules.tree);
  if (!chain) return refuse(prefix + chain.error().message);
  if (rules.inner_cas.contains(ca.der)) {
    return refuse(prefix +
                  "invalid validation chain. Parent certificate should be a leaf of the "
                  "certification tree");
  }
  std::string encoded;
  for (const Certificate* one : *chain) encoded += one->der;
  return sha256({encoded});
}

Result<void> set_up_units(const msp::FabricMSPConfig& config, MspRules& rules) {
  for (const msp::FabricOUIdentifier& unit : config.organizational_unit_identifiers()) {
    const std::string& name = unit.organizational_unit_identifier();
    const auto certifiers = certifiers_id(rules, unit.certificate());
    if (!certifiers) {
      return refuse("failed getting certificate for [" + name + "]: " + certifiers.error().message);
    }
    rules.ou_identifiers[name].insert(*certifiers);
  }
  return {};
}

Result<void> set_up_role(MspRules& rules, OuRole role, const msp::FabricOUIdentifier& unit) {
  OuIdentifier identifier{unit.organizational_unit_identifier(), std::nullopt};
  if (!unit.certificate().empty()) {
    const auto certifiers = certifiers_id(rules, unit.certificate());
    if (!certifiers) return unexpected(certifiers.error());
    identifier.certifiers_id = *certifiers;
  }
  rules.role_ous.emplace(role, std::move(identifier));
  return {};
}

Result<void> set_up_roles(const msp::FabricNodeOUs& units, MspRules& rules) {
  Result<void> done;
  if (units.has_client_ou_identifier()) {
    done = set_up_role(rules, OuRole::kClient, units.client_ou_identifier());
  }
  if (done && units.has_peer_ou_identifier()) {
    done = set_up_role(rules, OuRole::kPeer, units.peer_ou_identifier());
  }
  if (done && units.has_admin_ou_identifier()) {
    done = set_up_role(rules, OuRole::kAdmin, units.admin_ou_identifier());
  }
  if (done && units.has_orderer_ou_identifier()) {
    done = set_up_role(rules, OuRole::kOrderer, units.orderer_ou_identifier());
  }
  rules.enforces_roles = units.enable() && !rules.role_ous.empty();
  return done;
}

// With roles, an admin that is listed is a client or an admin; without, it is valid.
Result<void> check_admin(const MspRules& rules, const Identity& admin, const std::string& name) {
  if (!rules.enforces_roles) {
    if (admin.validity()) return {};
    return refuse(name + " is invalid: " + admin.validity().error().message);
  }
  const auto client = has_role(rules, admin, OuRole::kClient);
  const auto is_admin = has_role(rules, admin, OuRole::kAdmin);
  if (client || is_admin) return {};
  return refuse(name + " is invalid [" + client.error().message + "," + is_admin.error().message +
                "]");
}

Result<void> set_up_admins(const msp::FabricMSPConfig& config, MspRules& rules) {
  std::vector<std::shared_ptr<Identity>> admins;
  for (const std::string& pem : config.admins()) {
    auto certificate = Certificate::from_pem(pem);
    if (!certificate) return unexpected(certificate.error());
    auto admin = make_identity(rules, std::move(*certificate));
    if (!admin) return unexpected(admin.error());
    rules.admins.insert((*admin)->certificate().der);
    admins.push_back(std::move(*admin));
  }
  const bool has_admin_unit = rules.enforces_roles && rules.role_ous.contains(OuRole::kAdmin);
  if (admins.empty() && !has_admin_unit) {
    return refuse("administrators must be declared when no admin ou classification is set");
  }
  for (std::size_t at = 0; at < admins.size(); ++at) {
    if (auto good = check_admin(rules, *admins[at], "admin " + std::to_string(at)); !good) {
      return good;
    }
  }
  return {};
}

Result<void> set_up_tls(const msp::FabricMSPConfig& config,
                        const std::vector<RevocationList>& lists, MspRules& rules) {
  const auto tree = read_tree(config.tls_root_certs(), config.tls_intermediate_certs());
  if (!tree) return unexpected(tree.error());
  if (auto good = check_cas(*tree, find_revoked(*tree, lists), nullptr); !good) return good;
  rules.tls_roots.assign(config.tls_root_certs().begin(), config.tls_root_certs().end());
  rules.tls_intermediates.assign(config.tls_intermediate_certs().begin(),
                                 config.tls_intermediate_certs().end());
  return {};
}

Result<void> set_up_cas(const msp::FabricMSPConfig& config,
                        const std::vector<RevocationList>& lists, MspRules& rules) {
  if (config.root_certs().empty()) return refuse("expected at least one CA certificate");
  const auto given = read_tree(config.root_certs(), config.intermediate_certs());
  if (!given) return unexpected(given.error());
  auto tree = to_low_s(*given);
  if (!tree) return unexpected(tree.error());
  rules.tree = std::move(*tree);
  rules.revoked = find_revoked(rules.tree, lists);
  return check_cas(rules.tree, rules.revoked, &rules.inner_cas);
}

}  // namespace

Result<MspRules> set_up(const msp::FabricMSPConfig& config, const MspOptions& options) {
  MspRules rules;
  rules.id = config.name();
  rules.options = options;
  if (rules.id.empty()) return refuse("the MSP has no id");
  if (auto good = check_crypto(config.crypto_config()); !good) return unexpected(good.error());
  const auto lists = read_lists(config.revocation_list());
  if (!lists) return unexpected(lists.error());
  auto done = set_up_cas(config, *lists, rules);
  if (done) done = set_up_tls(config, *lists, rules);
  if (done) done = set_up_units(config, rules);
  if (done && config.has_fabric_node_ous()) done = set_up_roles(config.fabric_node_ous(), rules);
  if (done) done = set_up_admins(config, rules);
  if (!done) return unexpected(done.error());
  return rules;
}

}  // namespace ccbus::security
