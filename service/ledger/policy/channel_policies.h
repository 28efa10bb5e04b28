#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ccbus/channel_config.pb.h"
#include "fabric/common/policies.pb.h"
#include "service/base/result.h"
#include "service/ledger/policy/identities.h"

namespace ccbus::ledger {

struct PolicyDecision {
  bool is_satisfied = false;
  std::string reason;  // If not: Fabric's words, and what is missing.
};

// The policies of one configuration of a channel, decoded once. It never changes.
//
// Thread: any.
// Source: Fabric's common/policies and core/policy.
class ChannelPolicies {
 public:
  // Errors: those of check_channel_config().
  [[nodiscard]] static Result<ChannelPolicies> of(const ccbus::ChannelConfig& config);

  // Whether the signers, each of them once and with a signature that holds, satisfy the policy at a
  // path. A policy that is not there is satisfied by nobody.
  //
  // An implicit policy asks the policy of its name of every organisation, each with all signers:
  // ANY needs one of them, ALL all, MAJORITY more than half. An organisation without such a policy
  // counts as one that is not satisfied.
  [[nodiscard]] PolicyDecision evaluate_at(std::string_view path,
                                           const std::vector<std::string>& signers,
                                           const Identities& identities) const;

  // The same for an encoded protos.ApplicationPolicy, any bytes.
  [[nodiscard]] PolicyDecision evaluate(std::string_view application_policy,
                                        const std::vector<std::string>& signers,
                                        const Identities& identities) const;

  [[nodiscard]] bool has(std::string_view path) const;

  [[nodiscard]] const ccbus::ChannelConfig& config() const { return config_; }

 private:
  using Decoded = std::variant<common::SignaturePolicyEnvelope, common::ImplicitMetaPolicy>;

  explicit ChannelPolicies(const ccbus::ChannelConfig& config) : config_(config) {}
  [[nodiscard]] const Decoded* find(std::string_view path) const;
  // Null if the organisation does not have it.
  [[nodiscard]] const common::SignaturePolicyEnvelope* of_organization(
      const std::string& msp_id, const std::string& name) const;
  [[nodiscard]] std::string reason_of(const common::ImplicitMetaPolicy& policy, int satisfied,
                                      int needed, const std::vector<std::string>& signers,
                                      const Identities& identities) const;
  [[nodiscard]] PolicyDecision evaluate_implicit(const common::ImplicitMetaPolicy& policy,
                                                 const std::vector<std::string>& signers,
                                                 const Identities& identities) const;

  ccbus::ChannelConfig config_;
  std::map<std::string, Decoded, std::less<>> decoded_;  // By path.
};

// Whether the signers satisfy a signature policy.
[[nodiscard]] PolicyDecision decide(const common::SignaturePolicyEnvelope& policy,
                                    const std::vector<std::string>& signers,
                                    const Identities& identities);

}  // namespace ccbus::ledger
