#pragma once

#include <string>

#include "service/security/msp/msp.h"
#include "tests/support/test_organization.h"

namespace ccbus::test {

inline constexpr char kMspId[] = "Org1MSP";

// Org1 with one root, whose roles are told by the units client, peer, admin and orderer.
struct Organization {
  Credential root = self_signed(ca_shape("ca.org1"));

  [[nodiscard]] msp::FabricMSPConfig config() const {
    msp::FabricMSPConfig made = msp_config(kMspId, {&root}, {});
    enable_roles(made);
    return made;
  }

  [[nodiscard]] Credential member(const std::string& unit) const {
    return issued_by(root, {.common_name = "somebody", .units = {unit}});
  }
};

// Why the configuration is refused; empty if it is not.
inline std::string refusal(const msp::FabricMSPConfig& config,
                           const security::MspOptions& options = {}) {
  const auto made = security::Msp::make(config, options);
  return made ? std::string() : made.error().message;
}

inline security::Msp make_msp(const msp::FabricMSPConfig& config,
                              const security::MspOptions& options = {}) {
  auto made = security::Msp::make(config, options);
  if (!made) throw std::runtime_error(made.error().message);
  return std::move(*made);
}

// What is wrong with a member: the reason why it cannot be decoded, or why it is not valid; empty
// if nothing is.
inline std::string fault(const security::Msp& msp, const std::string& serialized) {
  const auto identity = msp.deserialize(serialized);
  if (!identity) return "not decoded: " + identity.error().message;
  const auto& validity = (*identity)->validity();
  return validity ? std::string() : validity.error().message;
}

inline std::string fault(const security::Msp& msp, const Credential& member) {
  return fault(msp, member.serialized(kMspId));
}

}  // namespace ccbus::test
