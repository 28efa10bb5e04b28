#include "service/cli/reports/channel_config_report.h"

#include <nlohmann/json.hpp>

#include "service/cli/json/json_values.h"
#include "service/ledger/policy/signature_policy_text.h"

namespace ccbus::cli {
namespace {

// As it is typed; "?" for a policy of a kind that this command does not know.
std::string text_of(const common::Policy& policy) {
  if (policy.type() == common::Policy::SIGNATURE) {
    common::SignaturePolicyEnvelope signature;
    if (!signature.ParseFromString(policy.value())) return "?";
    return ledger::format_signature_policy(signature).value_or("?");
  }
  common::ImplicitMetaPolicy implicit;
  if (policy.type() != common::Policy::IMPLICIT_META || !implicit.ParseFromString(policy.value())) {
    return "?";
  }
  return common::ImplicitMetaPolicy::Rule_Name(implicit.rule()) + " " + implicit.sub_policy();
}

template <class Policies>
std::string lines_of(const Policies& policies) {
  std::string lines;
  for (const NamedPolicy& named : policies) {
    lines += "\n  " + named.name() + ": " + text_of(named.policy());
  }
  return lines;
}

template <class Policies>
ordered_json object_of(const Policies& policies) {
  ordered_json object = ordered_json::object();
  for (const NamedPolicy& named : policies) object[named.name()] = text_of(named.policy());
  return object;
}

}  // namespace

std::string format_channel_config(const ChannelConfig& config) {
  std::string text = "sequence " + std::to_string(config.sequence()) + lines_of(config.policies());
  if (config.definitions_required()) text += "\n  chaincode needs a definition";
  for (const Organization& organization : config.organizations()) {
    text += "\n" + organization.msp_id() + lines_of(organization.policies());
  }
  return text;
}

std::string channel_config_json(const client::Reply& reply) {
  ordered_json report = outcome_json(reply);
  const ChannelConfig& config = reply.response.ledger().config();
  report["sequence"] = config.sequence();
  report["policies"] = object_of(config.policies());
  report["definitions_required"] = config.definitions_required();
  ordered_json organizations = ordered_json::array();
  for (const Organization& organization : config.organizations()) {
    organizations.push_back(
        {{"msp_id", organization.msp_id()}, {"policies", object_of(organization.policies())}});
  }
  report["organizations"] = std::move(organizations);
  return report.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace ccbus::cli
