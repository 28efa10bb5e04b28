#include "service/cli/commands/channel_config_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/cli/commands/channel_config_options.h"
#include "service/cli/commands/channel_proposal_command.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/channel_config_report.h"

namespace ccbus::cli {
namespace {

ClientRequest configure(const std::string& channel) {
  ClientRequest request;
  request.mutable_channel()->set_channel_id(channel);
  request.mutable_channel()->mutable_configure();
  return request;
}

// --- init ----------------------------------------------------------------------------------------

struct InitOptions : ChannelConfigOptions {
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
  return print_configured(client.call(std::move(request), options.connection.timeout),
                          options.json);
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

ExitCode show(const ChannelConfigOptions& options) {
  client::Client client(options.connection.client_options());
  return print_reply(ask_channel_config(client, options), options.json,
                     {channel_config_json, [](const client::Reply& success) {
                        return format_channel_config(success.response.ledger().config());
                      }});
}

// --- update --------------------------------------------------------------------------------------

struct UpdateOptions : ChannelConfigOptions {
  ChannelConfigChanges changes;
};

ExitCode update(const UpdateOptions& options) {
  client::Client client(options.connection.client_options());
  const client::Reply present = ask_channel_config(client, options);
  if (!present.error.ok()) {
    return print_reply(present, options.json, {channel_config_json, nullptr});
  }
  ClientRequest request = configure(options.channel);
  ChannelConfig& config = *request.mutable_channel()->mutable_configure()->mutable_config();
  config = present.response.ledger().config();
  options.changes.apply(config);
  return print_configured(client.call(std::move(request), options.connection.timeout),
                          options.json);
}

void add_update(CLI::App& group, ExitCode& exit_code) {
  const auto options = std::make_shared<UpdateOptions>();
  CLI::App& command = *group.add_subcommand(
      "update",
      "Change a channel's organisations and policies; the administrators whom the service "
      "plays sign it");
  options->add_to(command);
  options->changes.add_to(command);
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
  const auto options = std::make_shared<ChannelConfigOptions>();
  CLI::App& command = *config.add_subcommand("show", "Show a channel's configuration");
  options->add_to(command);
  command.footer(std::string("\nExample:\n  ccbus channel config show -C mychannel\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = show(*options); });
  add_update(config, exit_code);
  add_channel_proposal_commands(config, exit_code);
}

}  // namespace ccbus::cli
