#include "service/ledger/policy/channel_config.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "service/base/parse_message.h"
#include "service/ledger/policy/signature_policy.h"

namespace ccbus::ledger {
namespace {

using ccbus::ChannelConfig;
using ccbus::NamedPolicy;
using ccbus::Organization;
using common::ImplicitMetaPolicy;
using common::MSPRole;
using common::Policy;
using NamedPolicies = google::protobuf::RepeatedPtrField<NamedPolicy>;

constexpr std::string_view kApplicationPath = "/Channel/Application/";
constexpr std::string_view kChannelPath = "/Channel/";
constexpr std::array<std::string_view, 5> kRequired{"Readers", "Writers", "Admins", "Endorsement",
                                                    "LifecycleEndorsement"};

unexpected<Error> refuse(const std::string& why) {
  return fail(ErrorCode::kInvalid, why);
}

const Policy* find(const NamedPolicies& policies, std::string_view name) {
  const auto found = std::find_if(policies.begin(), policies.end(),
                                  [&](const NamedPolicy& one) { return one.name() == name; });
  return found == policies.end() ? nullptr : &found->policy();
}

template <class Named, class NameOf>
bool is_sorted_without_twins(const Named& all, NameOf name_of) {
  for (int i = 1; i < all.size(); ++i) {
    if (name_of(all[i - 1]) >= name_of(all[i])) return false;
  }
  return true;
}

enum class Level { kChannel, kOrganization };

// An organisation has nothing below it of which such a policy could be made: Fabric would take it
// as satisfied by nobody's signature.
Result<void> check_implicit_meta(const std::string& value, Level level) {
  ImplicitMetaPolicy policy;
  if (!parse(policy, value)) return refuse("Error unmarshalling to ImplicitMetaPolicy");
  if (level == Level::kOrganization) return refuse("an organisation has no policies below it");
  if (!ImplicitMetaPolicy::Rule_IsValid(policy.rule()) || policy.sub_policy().empty()) {
    return refuse("its rule is not ANY, ALL or MAJORITY of a policy");
  }
  return {};
}

Result<void> check_policy(const Policy& policy, Level level) {
  switch (policy.type()) {
    case Policy::SIGNATURE: {
      common::SignaturePolicyEnvelope envelope;
      if (!parse(envelope, policy.value())) return refuse("Error unmarshalling to SignaturePolicy");
      return check_signature_policy(envelope);
    }
    case Policy::IMPLICIT_META: return check_implicit_meta(policy.value(), level);
    default: return refuse("unknown policy type: " + std::to_string(policy.type()));
  }
}

Result<void> check_policies(const NamedPolicies& policies, const std::string& path, Level level) {
  if (!is_sorted_without_twins(policies, [](const NamedPolicy& one) { return one.name(); })) {
    return refuse("the policies at " + path + " are not in byte order, or one is there twice");
  }
  for (const NamedPolicy& one : policies) {
    if (one.name().empty() || one.name().find('/') != std::string::npos) {
      return refuse("a policy at " + path + " is named '" + one.name() + "'");
    }
    if (auto checked = check_policy(one.policy(), level); !checked) {
      return refuse("policy " + one.name() + " at path " + path +
                    " did not compile: " + checked.error().message);
    }
  }
  return {};
}

Result<void> check_organization(const Organization& organization) {
  const std::string& id = organization.msp_id();
  if (id.empty() || id.find('/') != std::string::npos) {
    return refuse("an organisation is named '" + id + "'");
  }
  msp::FabricMSPConfig config;
  if (organization.msp().type() != 0 || !parse(config, organization.msp().config())) {
    return refuse("the MSP of " + id + " is no FabricMSPConfig");
  }
  if (config.name() != id) {
    return refuse("the MSP of " + id + " has the id '" + config.name() + "'");
  }
  if (config.has_signing_identity()) {
    return refuse("the MSP of " + id + " has a signing identity: a ledger may not hold its key");
  }
  return check_policies(organization.policies(), std::string(kApplicationPath) + id,
                        Level::kOrganization);
}

Policy signature_policy(const std::string& msp_id,
                        std::initializer_list<MSPRole::MSPRoleType> roles) {
  common::SignaturePolicyEnvelope envelope;
  auto& gate = *envelope.mutable_rule()->mutable_n_out_of();
  gate.set_n(1);
  for (const auto one : roles) {
    MSPRole role;
    role.set_msp_identifier(msp_id);
    role.set_role(one);
    gate.add_rules()->set_signed_by(envelope.identities_size());
    envelope.add_identities()->set_principal(role.SerializeAsString());
  }
  Policy policy;
  policy.set_type(Policy::SIGNATURE);
  policy.set_value(envelope.SerializeAsString());
  return policy;
}

Policy implicit_meta_policy(ImplicitMetaPolicy::Rule rule, const char* sub_policy) {
  ImplicitMetaPolicy meta;
  meta.set_rule(rule);
  meta.set_sub_policy(sub_policy);
  Policy policy;
  policy.set_type(Policy::IMPLICIT_META);
  policy.set_value(meta.SerializeAsString());
  return policy;
}

void add(NamedPolicies& policies, const char* name, Policy policy) {
  NamedPolicy& added = *policies.Add();
  added.set_name(name);
  *added.mutable_policy() = std::move(policy);
}

}  // namespace

std::string policy_path(std::string_view msp_id, std::string_view name) {
  return std::string(kApplicationPath).append(msp_id).append("/").append(name);
}

std::string encode_channel_config(const ChannelConfig& config) {
  return config.SerializeAsString();  // It has no maps, so that there is one order.
}

Result<ChannelConfig> decode_channel_config(std::string_view bytes) {
  ChannelConfig config;
  if (!parse(config, bytes)) {
    return fail(ErrorCode::kCorrupt, "the channel's configuration cannot be decoded");
  }
  if (auto checked = check_channel_config(config); !checked) {
    return fail(ErrorCode::kCorrupt, "the channel's configuration: " + checked.error().message);
  }
  return config;
}

Result<void> check_channel_config(const ChannelConfig& config) {
  if (config.organizations().empty() || config.organizations_size() > kOrganizationsMax) {
    return refuse("a channel has 1 to " + std::to_string(kOrganizationsMax) +
                  " organisations, not " + std::to_string(config.organizations_size()));
  }
  if (!is_sorted_without_twins(config.organizations(),
                               [](const Organization& one) { return one.msp_id(); })) {
    return refuse("the organisations are not in byte order, or one is there twice");
  }
  for (const Organization& organization : config.organizations()) {
    if (auto checked = check_organization(organization); !checked) return checked;
  }
  for (const std::string_view name : kRequired) {
    if (find(config.policies(), name) == nullptr) {
      return refuse("the channel has no policy " + std::string(kApplicationPath).append(name));
    }
  }
  return check_policies(config.policies(), "/Channel/Application", Level::kChannel);
}

Result<void> check_sequence(const ChannelConfig* before, const ChannelConfig& next) {
  const std::uint64_t present = before == nullptr ? 0 : before->sequence();
  if (next.sequence() == present + 1) return {};
  return fail(ErrorCode::kPrecondition, "the configuration has the sequence " +
                                            std::to_string(next.sequence()) +
                                            ": the channel is at " + std::to_string(present));
}

Result<ChannelConfig> default_channel_config(const std::vector<msp::MSPConfig>& organizations) {
  ChannelConfig config;
  config.set_sequence(1);
  for (const msp::MSPConfig& one : organizations) {
    msp::FabricMSPConfig msp;
    if (one.type() != 0 || !parse(msp, one.config())) return refuse("an MSP is no FabricMSPConfig");
    const std::string& id = msp.name();
    Organization& organization = *config.add_organizations();
    organization.set_msp_id(id);
    *organization.mutable_msp() = one;
    NamedPolicies& policies = *organization.mutable_policies();
    add(policies, "Admins", signature_policy(id, {MSPRole::ADMIN}));
    add(policies, "Endorsement", signature_policy(id, {MSPRole::PEER}));
    add(policies, "Readers",
        signature_policy(id, {MSPRole::ADMIN, MSPRole::PEER, MSPRole::CLIENT}));
    add(policies, "Writers", signature_policy(id, {MSPRole::ADMIN, MSPRole::CLIENT}));
  }
  auto& all = *config.mutable_organizations();
  std::sort(all.pointer_begin(), all.pointer_end(),
            [](const auto* a, const auto* b) { return a->msp_id() < b->msp_id(); });
  NamedPolicies& policies = *config.mutable_policies();
  add(policies, "Admins", implicit_meta_policy(ImplicitMetaPolicy::MAJORITY, "Admins"));
  add(policies, "Endorsement", implicit_meta_policy(ImplicitMetaPolicy::MAJORITY, "Endorsement"));
  add(policies, "LifecycleEndorsement",
      implicit_meta_policy(ImplicitMetaPolicy::MAJORITY, "Endorsement"));
  add(policies, "Readers", implicit_meta_policy(ImplicitMetaPolicy::ANY, "Readers"));
  add(policies, "Writers", implicit_meta_policy(ImplicitMetaPolicy::ANY, "Writers"));
  if (auto checked = check_channel_config(config); !checked) return unexpected(checked.error());
  return config;
}

const Policy* policy_of(const ChannelConfig& config, std::string_view path) {
  if (!path.starts_with(kApplicationPath)) {
    if (!path.starts_with(kChannelPath)) return nullptr;
    const std::string_view name = path.substr(kChannelPath.size());
    const bool is_of_both = name == "Readers" || name == "Writers" || name == "Admins";
    return is_of_both ? find(config.policies(), name) : nullptr;
  }
  path.remove_prefix(kApplicationPath.size());
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return find(config.policies(), path);
  const Organization* organization = find_organization(config, path.substr(0, slash));
  return organization == nullptr ? nullptr : find(organization->policies(), path.substr(slash + 1));
}

const Organization* find_organization(const ChannelConfig& config, std::string_view msp_id) {
  const auto& all = config.organizations();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Organization& one) { return one.msp_id() == msp_id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace ccbus::ledger
