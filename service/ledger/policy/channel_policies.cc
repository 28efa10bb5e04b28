#include "service/ledger/policy/channel_policies.h"

#include <cstddef>
#include <utility>

#include "fabric/peer/policy.pb.h"
#include "service/base/assert.h"
#include "service/base/parse_message.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/policy/signature_policy.h"

namespace ccbus::ledger {
namespace {

using common::ImplicitMetaPolicy;
using common::SignaturePolicyEnvelope;
using Signers = std::vector<std::string>;

constexpr std::size_t kReasonBytesMax = 2'000;

// How many of `count` policies have to be satisfied: of none, none.
int threshold_of(ImplicitMetaPolicy::Rule rule, int count) {
  if (count == 0) return 0;
  switch (rule) {
    case ImplicitMetaPolicy::ANY: return 1;
    case ImplicitMetaPolicy::ALL: return count;
    case ImplicitMetaPolicy::MAJORITY: return count / 2 + 1;
    default: return count + 1;  // Nobody knows it, nobody satisfies it.
  }
}

}  // namespace

PolicyDecision decide(const SignaturePolicyEnvelope& policy, const Signers& signers,
                      const Identities& identities) {
  auto evaluation = evaluate(policy, signers, identities);
  if (!evaluation) {
    return {false,
            "could not create evaluator for signature policy: " + evaluation.error().message};
  }
  if (evaluation->is_satisfied) return {true, {}};
  return {false, "signature set did not satisfy policy: missing " + evaluation->missing};
}

Result<ChannelPolicies> ChannelPolicies::of(const ccbus::ChannelConfig& config) {
  if (auto checked = check_channel_config(config); !checked) return unexpected(checked.error());
  ChannelPolicies policies(config);
  const auto add = [&policies](const std::string& path, const common::Policy& policy) {
    Decoded& decoded = policies.decoded_[path];
    const bool is_read = policy.type() == common::Policy::IMPLICIT_META
                             ? parse(decoded.emplace<ImplicitMetaPolicy>(), policy.value())
                             : parse(decoded.emplace<SignaturePolicyEnvelope>(), policy.value());
    CCBUS_ASSERT(is_read);  // It was checked.
  };
  for (const ccbus::NamedPolicy& one : config.policies()) {
    add("/Channel/Application/" + one.name(), one.policy());
  }
  for (const char* const name : {"Readers", "Writers", "Admins"}) {
    const std::string path = std::string("/Channel/") + name;
    add(path, *policy_of(config, path));
  }
  for (const ccbus::Organization& organization : config.organizations()) {
    for (const ccbus::NamedPolicy& one : organization.policies()) {
      add(policy_path(organization.msp_id(), one.name()), one.policy());
    }
  }
  return policies;
}

const ChannelPolicies::Decoded* ChannelPolicies::find(std::string_view path) const {
  const auto found = decoded_.find(path);
  return found == decoded_.end() ? nullptr : &found->second;
}

bool ChannelPolicies::has(std::string_view path) const {
  return find(path) != nullptr;
}

PolicyDecision ChannelPolicies::evaluate_at(std::string_view path, const Signers& signers,
                                            const Identities& identities) const {
  const Decoded* const decoded = find(path);
  if (decoded == nullptr) {
    return {false,
            "could not create evaluator for channel reference policy: failed to retrieve "
            "policy for reference " +
                std::string(path)};
  }
  if (const auto* policy = std::get_if<SignaturePolicyEnvelope>(decoded)) {
    return decide(*policy, signers, identities);
  }
  return evaluate_implicit(std::get<ImplicitMetaPolicy>(*decoded), signers, identities);
}

const SignaturePolicyEnvelope* ChannelPolicies::of_organization(const std::string& msp_id,
                                                                const std::string& name) const {
  const Decoded* const decoded = find(policy_path(msp_id, name));
  return decoded == nullptr ? nullptr : std::get_if<SignaturePolicyEnvelope>(decoded);
}

PolicyDecision ChannelPolicies::evaluate_implicit(const ImplicitMetaPolicy& policy,
                                                  const Signers& signers,
                                                  const Identities& identities) const {
  const int needed = threshold_of(policy.rule(), config_.organizations_size());
  int satisfied = 0;
  for (const ccbus::Organization& organization : config_.organizations()) {
    if (satisfied == needed) return {true, {}};
    const auto* const own = of_organization(organization.msp_id(), policy.sub_policy());
    if (own != nullptr && is_satisfied(*own, signers, identities).value_or(false)) ++satisfied;
  }
  if (satisfied == needed) return {true, {}};
  return {false, reason_of(policy, satisfied, needed, signers, identities)};
}

std::string ChannelPolicies::reason_of(const ImplicitMetaPolicy& policy, int satisfied, int needed,
                                       const Signers& signers, const Identities& identities) const {
  std::string missing;
  for (const ccbus::Organization& organization : config_.organizations()) {
    if (missing.size() > kReasonBytesMax) break;
    const auto* const own = of_organization(organization.msp_id(), policy.sub_policy());
    const PolicyDecision decision =
        own == nullptr ? PolicyDecision{false, "it has no policy " + policy.sub_policy()}
                       : decide(*own, signers, identities);
    if (decision.is_satisfied) continue;
    missing += (missing.empty() ? "" : "; ") + organization.msp_id() + ": " + decision.reason;
  }
  std::string reason = "implicit policy evaluation failed - " + std::to_string(satisfied) +
                       " sub-policies were satisfied, but this policy requires " +
                       std::to_string(needed) + " of the '" + policy.sub_policy() +
                       "' sub-policies to be satisfied (" + missing + ")";
  if (reason.size() > kReasonBytesMax) reason.resize(kReasonBytesMax);
  return reason;
}

PolicyDecision ChannelPolicies::evaluate(std::string_view application_policy,
                                         const Signers& signers,
                                         const Identities& identities) const {
  protos::ApplicationPolicy policy;
  if (!parse(policy, application_policy)) {
    return {false, "failed to unmarshal ApplicationPolicy bytes"};
  }
  switch (policy.Type_case()) {
    case protos::ApplicationPolicy::kSignaturePolicy:
      return decide(policy.signature_policy(), signers, identities);
    case protos::ApplicationPolicy::kChannelConfigPolicyReference:
      return evaluate_at(policy.channel_config_policy_reference(), signers, identities);
    default: return {false, "unsupported policy type <nil>"};
  }
}

}  // namespace ccbus::ledger
