#include "service/cli/commands/channel_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>

#include "service/cli/commands/channel_config_command.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/channel_report.h"
#include "service/cli/reports/status_report.h"

namespace ccbus::cli {
namespace {

struct ChannelOptions {
  ConnectionOptions connection;
  std::string channel;
  std::string state_database;
  bool json = false;
};

ExitCode create(const ChannelOptions& options) {
  ClientRequest request;
  request.mutable_channel()->set_channel_id(options.channel);
  request.mutable_channel()->mutable_create()->set_state_database(options.state_database);
  client::Client client(options.connection.client_options());
  const client::Reply reply = client.call(std::move(request), options.connection.timeout);
  return print_reply(reply, options.json, {channel_json, [](const client::Reply& success) {
                                             return format_channel(success, "created");
                                           }});
}

ExitCode list(const ChannelOptions& options) {
  client::Client client(options.connection.client_options());
  return print_reply(client.status(options.connection.timeout), options.json,
                     {channels_json, [](const client::Reply& success) {
                        return format_channels(success.response.service_status());
                      }});
}

CLI::App& add_command(CLI::App& group, const char* name, const char* description,
                      const char* example, const std::shared_ptr<ChannelOptions>& options) {
  CLI::App& command = *group.add_subcommand(name, description);
  options->connection.add_to(command);
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(std::string("\nExample:\n  ccbus channel ") + example + "\n\n" + kExitCodesHelp);
  return command;
}

}  // namespace

void add_channel_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& group = *app.add_subcommand("channel", "The channels of the service");
  group.require_subcommand(1);
  group.footer(std::string("\nExample:\n  ccbus channel create -C second\n\n") + kExitCodesHelp);
  const auto making = std::make_shared<ChannelOptions>();
  CLI::App& create_command =
      add_command(group, "create", "Make a channel, which stays; each has a ledger of its own",
                  "create -C second", making);
  create_command.add_option("-C,--channelID", making->channel, "Its name")->required();
  create_command.add_option("--state-database", making->state_database,
                            "Its rules for keys and values: embedded or CouchDB; otherwise as the "
                            "service is configured");
  create_command.callback([making, &exit_code] { exit_code = create(*making); });

  const auto listing = std::make_shared<ChannelOptions>();
  add_command(group, "list", "Show the channels and their heights", "list", listing)
      .callback([listing, &exit_code] { exit_code = list(*listing); });
  add_channel_config_commands(group, exit_code);
}

}  // namespace ccbus::cli
