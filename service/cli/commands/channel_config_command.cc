#include "service/cli/commands/channel_config_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/channel_config_report.h"
#include "service/cli/reports/invocation_report.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/policy/signature_policy_text.h"
#include "service/security/msp/msp_folder.h"

namespace ccbus::cli {
namespace {

struct ConfigOptions {
  ConnectionOptions connection;
  std::string channel;
  bool json = false;

  void add_to(CLI::App& command) {
    command.add_option("-C,--channelID", channel, "The channel")->required();
    connection.add_to(command);
    command.add_flag("--json", json, "Print one JSON object");
  }
};

// "Org1MSP:/path/to/msp": the organisation whose MSP is in that folder.
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

// Prints the outcome of the transaction that writes a configuration.
ExitCode print_outcome(const client::Reply& reply, bool json) {
  const std::chrono::microseconds none{0};
  return print_reply(reply, json,
                     {[none](const client::Reply& any) { return invocation_json(any, none); },
                      [](const client::Reply& success) {
                        return "configured in block " +
                               std::to_string(success.response.submit().block_number()) +
                               ": from the next block on, signatures and policies are checked";
                      }});
}

ClientRequest configure(const std::string& channel) {
  ClientRequest request;
  request.mutable_channel()->set_channel_id(channel);
  request.mutable_channel()->mutable_configure();
  return request;
}

// --- init ----------------------------------------------------------------------------------------

struct InitOptions : ConfigOptions {
  std::vector<std::string> development;
  std::vector<std::string> organizations;
};

ExitCode init(const InitOptions& options) {
  ClientRequest request = configure(options.channel);
  ConfigureChannel& wanted = *request.mutable_channel()->mutable_configure();
  for (const std::string& msp_id : options.development) {
    wanted.add_development_organizations(msp_id);
  }
  for (const std::string& text : options.organizations) {
    *wanted.add_organizations() = read_organization(text);
  }
  client::Client client(options.connection.client_options());
  return print_outcome(client.call(std::move(request), options.connection.timeout), options.json);
}

void add_init(CLI::App& group, ExitCode& exit_code) {
  const auto options = std::make_shared<InitOptions>();
  CLI::App& command = *group.add_subcommand(
      "init", "Give a channel its organisations; then signatures and policies are checked on it");
  options->add_to(command);
  command
      .add_option("--dev-orgs", options->development,
                  "MSP ids of organisations that the service makes and plays: Org1MSP,Org2MSP")
      ->delimiter(',');
  command.add_option("--org", options->organizations,
                     "Another organisation, as MSPID:FOLDER of its MSP; may be repeated");
  command.footer(std::string("\nExamples:\n"
                             "  ccbus channel config init -C mychannel --dev-orgs Org1MSP,Org2MSP\n"
                             "  ccbus channel config init -C mychannel --dev-orgs Org1MSP "
                             "--org Org2MSP:org2/msp\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] {
    if (options->development.empty() && options->organizations.empty()) {
      throw CLI::ValidationError("channel config init", "give --dev-orgs, --org or both");
    }
    exit_code = init(*options);
  });
}

// --- show ----------------------------------------------------------------------------------------

client::Reply ask_config(client::Client& client, const ConfigOptions& options) {
  ClientRequest request;
  request.mutable_ledger()->set_channel_id(options.channel);
  request.mutable_ledger()->mutable_config();
  return client.call(std::move(request), options.connection.timeout);
}

ExitCode show(const ConfigOptions& options) {
  client::Client client(options.connection.client_options());
  return print_reply(ask_config(client, options), options.json,
                     {channel_config_json, [](const client::Reply& success) {
                        return format_channel_config(success.response.ledger().config());
                      }});
}

// --- update --------------------------------------------------------------------------------------

struct UpdateOptions : ConfigOptions {
  std::vector<std::string> added;
  std::vector<std::string> removed;
  std::vector<std::string> policies;
  bool definitions_required = false;
};

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

void change(ChannelConfig& config, const UpdateOptions& options) {
  for (const std::string& text : options.added) {
    const auto added = ledger::default_channel_config({read_organization(text)});
    if (!added) throw std::invalid_argument("--org: " + added.error().message);
    put(*config.mutable_organizations(), added->organizations(0),
        [](const Organization& one) { return one.msp_id(); });
  }
  for (const std::string& msp_id : options.removed) {
    auto& organizations = *config.mutable_organizations();
    const auto at = std::find_if(organizations.begin(), organizations.end(),
                                 [&](const auto& one) { return one.msp_id() == msp_id; });
    if (at == organizations.end()) {
      throw std::invalid_argument("--remove-org: the channel has no organisation '" + msp_id + "'");
    }
    organizations.erase(at);
  }
  for (const std::string& text : options.policies) {
    put(*config.mutable_policies(), parse_policy(text),
        [](const NamedPolicy& one) { return one.name(); });
  }
  if (options.definitions_required) config.set_definitions_required(true);
  config.set_sequence(config.sequence() + 1);
}

ExitCode update(const UpdateOptions& options) {
  client::Client client(options.connection.client_options());
  const client::Reply present = ask_config(client, options);
  if (!present.error.ok()) {
    return print_reply(present, options.json, {channel_config_json, nullptr});
  }
  ClientRequest request = configure(options.channel);
  ChannelConfig& config = *request.mutable_channel()->mutable_configure()->mutable_config();
  config = present.response.ledger().config();
  change(config, options);
  return print_outcome(client.call(std::move(request), options.connection.timeout), options.json);
}

void add_update(CLI::App& group, ExitCode& exit_code) {
  const auto options = std::make_shared<UpdateOptions>();
  CLI::App& command = *group.add_subcommand(
      "update", "Change a channel's organisations and policies; its administrators sign it");
  options->add_to(command);
  command.add_option("--org", options->added,
                     "Add an organisation, or replace its MSP: MSPID:FOLDER; may be repeated");
  command.add_option("--remove-org", options->removed, "Remove an organisation; may be repeated");
  command.add_option("--policy", options->policies,
                     "Set a policy of the channel: \"Endorsement=ANY Endorsement\" or "
                     "\"Endorsement=OR('Org1MSP.peer')\"; may be repeated");
  command.add_flag("--definitions-required", options->definitions_required,
                   "Chaincode without a definition may write nothing");
  command.footer(std::string("\nExample:\n  ccbus channel config update -C mychannel "
                             "--policy 'Endorsement=ANY Endorsement'\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = update(*options); });
}

}  // namespace

void add_channel_config_commands(CLI::App& group, ExitCode& exit_code) {
  CLI::App& config =
      *group.add_subcommand("config", "A channel's organisations, and the policies over them");
  config.require_subcommand(1);
  add_init(config, exit_code);
  const auto options = std::make_shared<ConfigOptions>();
  CLI::App& command = *config.add_subcommand("show", "Show a channel's configuration");
  options->add_to(command);
  command.footer(std::string("\nExample:\n  ccbus channel config show -C mychannel\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = show(*options); });
  add_update(config, exit_code);
}

}  // namespace ccbus::cli
