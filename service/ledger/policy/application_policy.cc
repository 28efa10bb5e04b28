#include "service/ledger/policy/application_policy.h"

#include <set>
#include <utility>

#include "fabric/msp/msp_principal.pb.h"
#include "service/base/assert.h"
#include "service/ledger/policy/signature_policy.h"
#include "service/ledger/policy/signature_policy_text.h"

namespace ccbus::ledger {
namespace {

// The bounds of parse_signature_policy() hold.
Result<void> check_is_or(const common::SignaturePolicy& rule) {
  if (!rule.has_n_out_of()) return {};
  if (rule.n_out_of().n() != 1) {
    return fail(ErrorCode::kInvalid, "signature policy is not an OR concatenation, NOutOf " +
                                         std::to_string(rule.n_out_of().n()));
  }
  for (const common::SignaturePolicy& part : rule.n_out_of().rules()) {
    if (auto checked = check_is_or(part); !checked) return checked;
  }
  return {};
}

}  // namespace

Result<protos::ApplicationPolicy> make_application_policy(std::string_view signature_policy,
                                                          std::string_view channel_config_policy) {
  protos::ApplicationPolicy policy;
  if (!signature_policy.empty() && !channel_config_policy.empty()) {
    return fail(ErrorCode::kInvalid,
                R"(cannot specify both "--signature-policy" and "--channel-config-policy")");
  }
  if (!channel_config_policy.empty()) {
    policy.set_channel_config_policy_reference(std::string(channel_config_policy));
  } else if (!signature_policy.empty()) {
    auto parsed = parse_signature_policy(signature_policy);
    if (!parsed) {
      return fail(ErrorCode::kInvalid,
                  "invalid signature policy: " + std::string(signature_policy) + ": " +
                      parsed.error().message);
    }
    *policy.mutable_signature_policy() = std::move(*parsed);
  }
  return policy;
}

Result<void> check_application_policy(const protos::ApplicationPolicy& policy) {
  switch (policy.Type_case()) {
    case protos::ApplicationPolicy::kSignaturePolicy:
      return check_signature_policy(policy.signature_policy());
    case protos::ApplicationPolicy::kChannelConfigPolicyReference:
      if (policy.channel_config_policy_reference().starts_with("/")) return {};
      return fail(ErrorCode::kInvalid, "the policy reference '" +
                                           policy.channel_config_policy_reference() +
                                           "' is not a path like /Channel/Application/Endorsement");
    default:
      return fail(ErrorCode::kInvalid,
                  "neither a signature policy nor a reference to one of the channel");
  }
}

std::string format_application_policy(const protos::ApplicationPolicy& policy) {
  switch (policy.Type_case()) {
    case protos::ApplicationPolicy::kSignaturePolicy: {
      const auto text = format_signature_policy(policy.signature_policy());
      return text ? *text : "(" + text.error().message + ")";
    }
    case protos::ApplicationPolicy::kChannelConfigPolicyReference:
      return policy.channel_config_policy_reference();
    default: return "-";
  }
}

Result<std::vector<std::string>> members_of(std::string_view member_orgs_policy) {
  const auto policy = parse_signature_policy(member_orgs_policy);
  if (!policy) {
    return fail(ErrorCode::kInvalid, "invalid policy " + std::string(member_orgs_policy) + ": " +
                                         policy.error().message);
  }
  if (auto checked = check_is_or(policy->rule()); !checked) {
    return fail(ErrorCode::kInvalid, "error in member org policy: " + checked.error().message);
  }
  std::set<std::string> members;
  for (const common::MSPPrincipal& principal : policy->identities()) {
    common::MSPRole role;
    const bool is_role = role.ParseFromString(principal.principal());
    CCBUS_ASSERT(is_role);  // The language has no others.
    members.insert(role.msp_identifier());
  }
  return std::vector<std::string>(members.begin(), members.end());
}

}  // namespace ccbus::ledger
