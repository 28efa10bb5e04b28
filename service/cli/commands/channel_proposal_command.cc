#include "service/cli/commands/channel_proposal_command.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "ccbus/client/endorsements.h"
#include "service/base/durable_files.h"
#include "service/base/memory_dumps.h"
#include "service/cli/commands/channel_config_options.h"
#include "service/cli/commands/identity_options.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/channel_config_report.h"
#include "service/cli/reports/channel_proposal.h"
#include "service/ledger/policy/channel_config.h"

namespace ccbus::cli {
namespace {

constexpr char kUpdateConfig[] = "UpdateConfig";  // What the service calls a change.

common::Envelope read_proposal(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  common::Envelope transaction;
  if (!file || !transaction.ParseFromIstream(&file)) {
    throw std::invalid_argument(name +
                                " cannot be read, or is not what channel config propose writes");
  }
  return transaction;
}

void write_proposal(const std::string& name, const common::Envelope& transaction) {
  const auto written = write_durably(name, transaction.SerializeAsString());
  if (!written) throw std::invalid_argument(written.error().message);
}

// --- propose -------------------------------------------------------------------------------------

struct ProposeOptions : ChannelConfigOptions {
  ChannelConfigChanges changes;
  IdentityOptions proposer;
  std::string file;
};

ExitCode propose(const ProposeOptions& options) {
  const client::Identity proposer = options.proposer.required_signer();
  client::Client client(options.connection.client_options());
  const client::Reply present = ask_channel_config(client, options);
  if (!present.error.ok()) {
    return print_reply(present, options.json, {channel_config_json, nullptr});
  }
  ChannelConfig config = present.response.ledger().config();
  options.changes.apply(config);
  client::Invocation invocation;
  invocation.channel_id = options.channel;
  invocation.chaincode_name = ledger::kChannelNamespace;
  invocation.args = {kUpdateConfig, config.SerializeAsString()};
  const client::Reply reply =
      client::endorse(client, invocation, proposer, options.connection.timeout);
  common::Envelope transaction;
  if (exit_code_of(reply) == kSuccess) {
    transaction =
        client::with_endorsement(reply.response.endorse().prepared_transaction(), proposer);
    write_proposal(options.file, transaction);
  }
  return print_reply(reply, options.json,
                     {[&transaction](const client::Reply& any) {
                        return any.error.ok() ? channel_proposal_json(transaction)
                                              : channel_config_json(any);
                      },
                      [&](const client::Reply&) {
                        return "proposed configuration " + std::to_string(config.sequence()) +
                               " of " + options.channel + ", in " + options.file + "\nsigned by " +
                               format_signers(transaction);
                      }});
}

void add_propose(CLI::App& group, ExitCode& exit_code) {
  const auto options = std::make_shared<ProposeOptions>();
  CLI::App& command = *group.add_subcommand(
      "propose", "Write a change to a file, for administrators to sign where their keys are");
  options->add_to(command);
  options->changes.add_to(command);
  options->proposer.add_to(command, "The folder of your MSP: you propose it, and submit");
  command.add_option("-o,--out", options->file, "The file to write")->required();
  command.footer(std::string("\nExample:\n  ccbus channel config propose -C mychannel "
                             "--policy 'Endorsement=ANY Endorsement' --identity admin/msp --msp-id "
                             "Org1MSP -o change.pb\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = propose(*options); });
}

// --- sign ----------------------------------------------------------------------------------------

struct SignOptions {
  IdentityOptions signer;
  std::string file;
  bool json = false;
};

ExitCode sign_proposal(const SignOptions& options) {
  forbid_memory_dumps();
  const common::Envelope proposed = read_proposal(options.file);
  const ChannelConfig config = proposed_config(proposed);
  const common::Envelope transaction =
      client::with_endorsement(proposed, options.signer.required_signer());
  write_proposal(options.file, transaction);
  if (options.json) {
    std::cout << channel_proposal_json(transaction) << "\n";
  } else {
    std::cout << "channel " << proposed_channel(transaction) << "\n"
              << format_channel_config(config) << "\nsigned by " << format_signers(transaction)
              << "\n";
  }
  return kSuccess;
}

void add_sign_proposal(CLI::App& group, ExitCode& exit_code) {
  const auto options = std::make_shared<SignOptions>();
  CLI::App& command = *group.add_subcommand(
      "sign", "Show the configuration that a proposal brings, and sign it; needs no service");
  command.add_option("FILE", options->file, "The file that propose wrote; it is replaced")
      ->required();
  options->signer.add_to(command, "The folder of the administrator's MSP");
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(
      "\nExample:\n  ccbus channel config sign change.pb --identity admin/msp --msp-id Org2MSP\n\n"
      "Exit codes: 0 success, 2 wrong usage, or a file that cannot be read or written.");
  command.callback([options, &exit_code] { exit_code = sign_proposal(*options); });
}

// --- submit --------------------------------------------------------------------------------------

struct SubmitProposalOptions {
  ConnectionOptions connection;
  IdentityOptions proposer;
  std::string file;
  bool json = false;
};

ExitCode submit_proposal(const SubmitProposalOptions& options) {
  const client::Identity proposer = options.proposer.required_signer();
  common::Envelope transaction = read_proposal(options.file);
  if (client::creator_of(transaction) != proposer.serialized()) {
    throw std::invalid_argument(options.file +
                                " was proposed by another identity, which has to submit it");
  }
  transaction.set_signature(proposer.sign(transaction.payload()));
  client::Client client(options.connection.client_options());
  return print_configured(client.submit_prepared(transaction, options.connection.timeout),
                          options.json);
}

void add_submit_proposal(CLI::App& group, ExitCode& exit_code) {
  const auto options = std::make_shared<SubmitProposalOptions>();
  CLI::App& command =
      *group.add_subcommand("submit", "Order a change once enough administrators have signed it");
  command.add_option("FILE", options->file, "The file that propose wrote")->required();
  options->proposer.add_to(command, "The folder of the MSP that has proposed it");
  options->connection.add_to(command);
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(std::string("\nExample:\n  ccbus channel config submit change.pb --identity "
                             "admin/msp --msp-id Org1MSP\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = submit_proposal(*options); });
}

}  // namespace

void add_channel_proposal_commands(CLI::App& config, ExitCode& exit_code) {
  add_propose(config, exit_code);
  add_sign_proposal(config, exit_code);
  add_submit_proposal(config, exit_code);
}

}  // namespace ccbus::cli
