#include "service/cli/commands/channel_config_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/invocation_report.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/policy/signature_policy_text.h"
#include "service/security/msp/msp_folder.h"

namespace ccbus::cli {
namespace {

// "Endorsement=OR('Org1MSP.peer')" or "Endorsement=MAJORITY Endorsement".
NamedPolicy parse_policy(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw std::invalid_argument("--policy: '" + text + "' is not NAME=POLICY");
  }
  NamedPolicy named;
  named.set_name(text.substr(0, equals));
  const std::string rule = text.substr(equals + 1);
  const auto blank = rule.find(' ');
  common::ImplicitMetaPolicy::Rule implicit{};
  if (blank != std::string::npos &&
      common::ImplicitMetaPolicy::Rule_Parse(rule.substr(0, blank), &implicit)) {
    common::ImplicitMetaPolicy policy;
    policy.set_rule(implicit);
    policy.set_sub_policy(rule.substr(blank + 1));
    named.mutable_policy()->set_type(common::Policy::IMPLICIT_META);
    named.mutable_policy()->set_value(policy.SerializeAsString());
    return named;
  }
  const auto policy = ledger::parse_signature_policy(rule);
  if (!policy)
    throw std::invalid_argument("--policy " + named.name() + ": " + policy.error().message);
  named.mutable_policy()->set_type(common::Policy::SIGNATURE);
  named.mutable_policy()->set_value(policy->SerializeAsString());
  return named;
}

template <class Element, class NameOf>
void put(google::protobuf::RepeatedPtrField<Element>& list, Element element, NameOf name_of) {
  const auto at = std::find_if(list.begin(), list.end(), [&](const Element& one) {
    return name_of(one) == name_of(element);
  });
  if (at != list.end()) {
    *at = std::move(element);
  } else {
    *list.Add() = std::move(element);
  }
  std::sort(list.begin(), list.end(), [&](const Element& one, const Element& other) {
    return name_of(one) < name_of(other);
  });
}

}  // namespace

void ChannelConfigOptions::add_to(CLI::App& command) {
  command.add_option("-C,--channelID", channel, "The channel")->required();
  connection.add_to(command);
  command.add_flag("--json", json, "Print one JSON object");
}

void ChannelConfigChanges::add_to(CLI::App& command) {
  command.add_option("--org", added,
                     "Add an organisation, or replace its MSP: MSPID:FOLDER; may be repeated");
  command.add_option("--remove-org", removed, "Remove an organisation; may be repeated");
  command.add_option("--policy", policies,
                     "Set a policy of the channel: \"Endorsement=ANY Endorsement\" or "
                     "\"Endorsement=OR('Org1MSP.peer')\"; may be repeated");
  command.add_flag("--definitions-required", definitions_required,
                   "Chaincode without a definition may write nothing");
}

void ChannelConfigChanges::apply(ChannelConfig& config) const {
  for (const std::string& text : added) {
    const auto with = ledger::default_channel_config({read_organization(text)});
    if (!with) throw std::invalid_argument("--org: " + with.error().message);
    put(*config.mutable_organizations(), with->organizations(0),
        [](const Organization& one) { return one.msp_id(); });
  }
  for (const std::string& msp_id : removed) {
    auto& organizations = *config.mutable_organizations();
    const auto at = std::find_if(organizations.begin(), organizations.end(),
                                 [&](const auto& one) { return one.msp_id() == msp_id; });
    if (at == organizations.end()) {
      throw std::invalid_argument("--remove-org: the channel has no organisation '" + msp_id + "'");
    }
    organizations.erase(at);
  }
  for (const std::string& text : policies) {
    put(*config.mutable_policies(), parse_policy(text),
        [](const NamedPolicy& one) { return one.name(); });
  }
  if (definitions_required) config.set_definitions_required(true);
  config.set_sequence(config.sequence() + 1);
}

msp::MSPConfig read_organization(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0) {
    throw std::invalid_argument("--org: '" + text + "' is not MSPID:FOLDER");
  }
  auto folder = security::read_msp_folder(text.substr(colon + 1), text.substr(0, colon));
  if (!folder) throw std::invalid_argument("--org: " + folder.error().message);
  for (const std::string& note : folder->notes) std::cerr << note << "\n";
  msp::MSPConfig config;
  config.set_config(folder->config.SerializeAsString());
  return config;
}

client::Reply ask_channel_config(client::Client& client, const ChannelConfigOptions& options) {
  ClientRequest request;
  request.mutable_ledger()->set_channel_id(options.channel);
  request.mutable_ledger()->mutable_config();
  return client.call(std::move(request), options.connection.timeout);
}

ExitCode print_configured(const client::Reply& reply, bool json) {
  const std::chrono::microseconds none{0};
  return print_reply(reply, json,
                     {[none](const client::Reply& any) { return invocation_json(any, none); },
                      [](const client::Reply& success) {
                        return "configured in block " +
                               std::to_string(success.response.submit().block_number()) +
                               ": from the next block on, signatures and policies are checked";
                      }});
}

}  // namespace ccbus::cli
