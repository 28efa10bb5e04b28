#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "service/ledger/policy/identities.h"

namespace ccbus::test {

// Identities by their words: "Org1MSP.peer" is a peer of Org1MSP, "Org1MSP.peer 2" is another one,
// and both are members. What has no dot is no identity; "Org1MSP.peer again" is another encoding of
// "Org1MSP.peer", and one with "revoked" is not valid. A signature is the word "by " and the
// identity, in front of the message.
class WordIdentities : public ledger::Identities {
 public:
  [[nodiscard]] std::optional<std::string> identifier_of(std::string_view identity) const override {
    if (identity.find('.') == std::string_view::npos) return std::nullopt;
    return std::string(identity.substr(0, identity.find(" again")));
  }

  [[nodiscard]] bool is_valid(std::string_view identity) const override {
    return identifier_of(identity) && identity.find("revoked") == std::string_view::npos;
  }

  [[nodiscard]] bool has_signed(std::string_view identity, std::string_view message,
                                std::string_view signature) const override {
    return signature == signature_of(identity, message);
  }

  [[nodiscard]] bool satisfies(std::string_view identity,
                               const common::MSPPrincipal& principal) const override {
    common::MSPRole role;
    if (principal.principal_classification() != common::MSPPrincipal::ROLE ||
        !role.ParseFromString(principal.principal())) {
      return false;
    }
    const std::string_view name = identity.substr(0, identity.find(' '));
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || name.substr(0, dot) != role.msp_identifier()) return false;
    const std::string_view of_identity = name.substr(dot + 1);
    switch (role.role()) {
      case common::MSPRole::MEMBER: return true;
      case common::MSPRole::ADMIN: return of_identity == "admin";
      case common::MSPRole::CLIENT: return of_identity == "client";
      case common::MSPRole::PEER: return of_identity == "peer";
      case common::MSPRole::ORDERER: return of_identity == "orderer";
      default: return false;
    }
  }

  static std::string signature_of(std::string_view identity, std::string_view message) {
    return "by " + std::string(identity) + " " + std::string(message);
  }
};

inline common::SignaturePolicy signed_by(int index) {
  common::SignaturePolicy rule;
  rule.set_signed_by(index);
  return rule;
}

template <class... Rules>
common::SignaturePolicy n_out_of(int n, const Rules&... rules) {
  common::SignaturePolicy gate;
  gate.mutable_n_out_of()->set_n(n);
  (void(*gate.mutable_n_out_of()->add_rules() = rules), ...);
  return gate;
}

}  // namespace ccbus::test
