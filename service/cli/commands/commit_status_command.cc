#include "service/cli/commands/commit_status_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/identity_options.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/json/json_values.h"

namespace ccbus::cli {
namespace {

struct CommitStatusOptions {
  ConnectionOptions connection;
  IdentityOptions identity;
  std::string channel;
  std::string transaction;
  bool json = false;
};

std::string as_json(const client::Reply& reply) {
  ordered_json report = outcome_json(reply);
  const CommitStatusResponse& status = reply.response.commit_status();
  const bool is_known = reply.response.has_commit_status();
  report["transaction_id"] = is_known ? ordered_json(status.transaction_id()) : nullptr;
  report["validation_code"] =
      is_known ? ordered_json(protos::TxValidationCode_Name(status.validation_code())) : nullptr;
  report["block_number"] = is_known ? ordered_json(status.block_number()) : nullptr;
  return report.dump();
}

std::string for_people(const client::Reply& reply) {
  const CommitStatusResponse& status = reply.response.commit_status();
  return status.transaction_id() + ": block " + std::to_string(status.block_number()) + ", " +
         protos::TxValidationCode_Name(status.validation_code());
}

ExitCode ask(const CommitStatusOptions& options) {
  client::Client client(options.connection.client_options());
  const auto signer = options.identity.signer();
  const auto timeout = options.connection.timeout;
  const client::Reply reply =
      signer ? client::commit_status(client, options.channel, options.transaction, *signer, timeout)
             : client.commit_status(options.channel, options.transaction, timeout);
  const ExitCode code = print_reply(reply, options.json, {as_json, for_people});
  const bool is_valid = reply.response.commit_status().validation_code() == protos::VALID;
  return code == kSuccess && !is_valid ? kRefused : code;
}

}  // namespace

void add_commit_status_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<CommitStatusOptions>();
  CLI::App& command = *app.add_subcommand(
      "commit-status", "Wait until a transaction is in a block, and print its outcome");
  command.add_option("-C,--channelID", options->channel, "The channel")->required();
  command.add_option("id", options->transaction, "The transaction's id")->required();
  options->identity.add_to(command);
  options->connection.add_to(command);
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(std::string("\nExample:\n  ccbus commit-status -C mychannel 4f9c01aa... "
                             "--timeout 10s\n\nA transaction that is not valid gives 1.\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = ask(*options); });
}

}  // namespace ccbus::cli
