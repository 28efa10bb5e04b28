#include "service/cli/commands/chaincode_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "service/cli/commands/chaincode_service_command.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/definition_command.h"
#include "service/cli/commands/install_command.h"
#include "service/cli/commands/package_command.h"
#include "service/cli/json/definition_files.h"
#include "service/cli/reports/definition_report.h"
#include "service/cli/reports/invocation_report.h"
#include "service/cli/terminal/outcome.h"
#include "service/ledger/policy/application_policy.h"

namespace ccbus::cli {
namespace {

struct DefineOptions {
  ConnectionOptions connection;
  std::string channel;
  std::string name;
  std::string version = "1.0";
  std::string collections_config;
  std::string indexes;
  std::string signature_policy;
  std::string channel_config_policy;
  bool init_required = false;
  bool json = false;
};

Result<ccbus::DefineRequest> request_of(const DefineOptions& options) {
  ccbus::DefineRequest request;
  request.set_channel_id(options.channel);
  ccbus::ChaincodeDefinition& definition = *request.mutable_definition();
  definition.set_name(options.name);
  definition.set_version(options.version);
  definition.set_init_required(options.init_required);
  const auto policy =
      ledger::make_application_policy(options.signature_policy, options.channel_config_policy);
  if (!policy) return unexpected(policy.error());
  definition.set_validation_parameter(policy->SerializeAsString());  // Of no policy: nothing.
  if (!options.collections_config.empty()) {
    const auto added = add_collections(options.collections_config, definition);
    if (!added) return unexpected(added.error());
  }
  if (options.indexes.empty()) return request;
  const auto files = read_index_files(options.indexes);
  if (!files) return unexpected(files.error());
  const auto notes = add_indexes(*files, definition);
  if (!notes) return unexpected(notes.error());
  for (const std::string& note : *notes) std::cerr << "note: " << note << "\n";
  return request;
}

ExitCode define(const DefineOptions& options) {
  const auto request = request_of(options);
  if (!request) {
    std::cerr << request.error().message << "\n";
    return kUsage;
  }
  client::Client client(options.connection.client_options());
  const auto start = std::chrono::steady_clock::now();
  const client::Reply reply = client.define(*request, options.connection.timeout);
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  const ExitCode code = exit_code_of(reply);
  if (options.json) {
    std::cout << invocation_json(reply, elapsed) << "\n";
  } else if (code != kSuccess) {
    std::cerr << failure_text(reply) << "\n";
  } else {
    std::cout << describe_defined(*request, reply) << "\n";
    const std::string note = note_of_defined(reply);
    if (!note.empty()) std::cerr << "note: " << note << "\n";
  }
  return code;
}

}  // namespace

void add_chaincode_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& group = *app.add_subcommand(
      "chaincode", "The definitions of chaincodes on a channel, and chaincodes as a service");
  group.require_subcommand(1);
  group.footer(
      std::string(
          "\nExample:\n  ccbus chaincode define -C mychannel -n basic --init-required\n\n") +
      kExitCodesHelp);
  const auto options = std::make_shared<DefineOptions>();
  CLI::App& command = *group.add_subcommand(
      "define",
      "Define a chaincode on a channel, or change its definition; without one it can "
      "run, but has no private data and no indexes");
  command.add_option("-C,--channelID", options->channel, "The channel")->required();
  command.add_option("-n,--name", options->name, "The chaincode's name")->required();
  command.add_option("-v,--version", options->version, "Its version")->capture_default_str();
  command.add_option("--collections-config", options->collections_config,
                     "Its collections: Fabric's collections_config.json");
  command.add_option("--indexes", options->indexes,
                     "Its indexes: a directory like META-INF/statedb/couchdb");
  command.add_option("--signature-policy", options->signature_policy,
                     "Who has to endorse: \"AND('Org1MSP.peer','Org2MSP.peer')\"; otherwise the "
                     "channel's policy");
  command.add_option("--channel-config-policy", options->channel_config_policy,
                     "Who has to endorse: a policy of the channel, "
                     "/Channel/Application/Endorsement");
  command.add_flag("--init-required", options->init_required,
                   "Its first transaction must be an init");
  command.add_flag("--json", options->json, "Print one JSON object, as ccbus invoke does");
  options->connection.add_to(command);
  command.footer(std::string("\nExample:\n  ccbus chaincode define -C mychannel -n basic "
                             "--collections-config collections_config.json --init-required\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = define(*options); });
  add_definition_commands(group, exit_code);
  add_chaincode_service_commands(group, exit_code);
  add_install_command(group, exit_code);
  add_package_command(group, exit_code);
}

}  // namespace ccbus::cli
