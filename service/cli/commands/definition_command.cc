#include "service/cli/commands/definition_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/definition_report.h"

namespace ccbus::cli {
namespace {

struct DefinitionOptions {
  ConnectionOptions connection;
  std::string channel;
  std::string name;  // Empty: all.
  bool json = false;
};

// Asks for all pages. Returns the last reply, or the first that failed.
client::Reply ask(const DefinitionOptions& options, std::vector<DefinedChaincode>& chaincodes) {
  client::Client client(options.connection.client_options());
  std::string bookmark;
  for (;;) {
    ClientRequest request;
    request.mutable_ledger()->set_channel_id(options.channel);
    GetDefinitions& query = *request.mutable_ledger()->mutable_definitions();
    query.set_name(options.name);
    query.set_bookmark(bookmark);
    client::Reply reply = client.call(std::move(request), options.connection.timeout);
    Definitions& page = *reply.response.mutable_ledger()->mutable_definitions();
    for (DefinedChaincode& one : *page.mutable_chaincodes()) chaincodes.push_back(std::move(one));
    if (!reply.error.ok() || page.bookmark().empty()) return reply;
    bookmark = page.bookmark();
  }
}

ExitCode run(const DefinitionOptions& options) {
  std::vector<DefinedChaincode> chaincodes;
  const client::Reply reply = ask(options, chaincodes);
  return print_reply(reply, options.json,
                     {[&](const client::Reply& any) { return definitions_json(any, chaincodes); },
                      [&](const client::Reply&) {
                        return options.name.empty() || chaincodes.empty()
                                   ? format_definitions(chaincodes)
                                   : format_definition(chaincodes.front());
                      }});
}

CLI::App& add_command(CLI::App& group, const char* name, const char* description,
                      const char* example, const std::shared_ptr<DefinitionOptions>& options,
                      ExitCode& exit_code) {
  CLI::App& command = *group.add_subcommand(name, description);
  command.add_option("-C,--channelID", options->channel, "The channel")->required();
  options->connection.add_to(command);
  command.add_flag("--json", options->json, "Print one JSON object, with all of each definition");
  command.footer(std::string("\nExample:\n  ccbus chaincode ") + example + "\n\n" + kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = run(*options); });
  return command;
}

}  // namespace

void add_definition_commands(CLI::App& group, ExitCode& exit_code) {
  add_command(group, "list", "Show the chaincodes that are defined on a channel",
              "list -C mychannel", std::make_shared<DefinitionOptions>(), exit_code);
  const auto options = std::make_shared<DefinitionOptions>();
  add_command(group, "show",
              "Show a chaincode's definition: collections with their policies, and indexes with "
              "how far they are",
              "show -C mychannel -n basic", options, exit_code)
      .add_option("-n,--name", options->name, "The chaincode's name")
      ->required();
}

}  // namespace ccbus::cli
