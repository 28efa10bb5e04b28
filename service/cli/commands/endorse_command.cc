#include "service/cli/commands/endorse_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "service/cli/commands/invocation_options.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/invocation_report.h"
#include "service/cli/terminal/outcome.h"

namespace ccbus::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct EndorseOptions {
  InvocationOptions common;
  std::string file;
  bool json = false;
};

struct SubmitOptions {
  ConnectionOptions connection;
  std::string file;
  bool no_wait = false;
  bool json = false;
};

std::chrono::microseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

bool write_file(const std::string& name, const common::Envelope& envelope) {
  std::ofstream file(name, std::ios::binary | std::ios::trunc);
  return envelope.SerializeToOstream(&file) && file.flush();
}

ExitCode endorse(const EndorseOptions& options) {
  const auto invocation = options.common.invocation();
  if (!invocation) {
    std::cerr << invocation.error().message << "\n";
    return kUsage;
  }
  const auto signer = options.common.identity.signer();
  const auto timeout = options.common.connection.timeout;
  client::Client client(options.common.connection.client_options());
  const auto start = Clock::now();
  const client::Reply reply = signer ? client::endorse(client, *invocation, *signer, timeout)
                                     : client.endorse(*invocation, timeout);
  const auto elapsed = since(start);
  const bool is_endorsed = exit_code_of(reply) == kSuccess;
  common::Envelope prepared = reply.response.endorse().prepared_transaction();
  if (is_endorsed && signer) prepared.set_signature(signer->sign(prepared.payload()));
  if (is_endorsed && !write_file(options.file, prepared)) {
    std::cerr << "cannot write " << options.file << "\n";
    return kUsage;
  }
  return print_reply(reply, options.json,
                     {[elapsed](const client::Reply& any) { return invocation_json(any, elapsed); },
                      [&options](const client::Reply& success) {
                        return "endorsed " + success.response.endorse().transaction_id() + ", in " +
                               options.file;
                      }});
}

ExitCode submit(const SubmitOptions& options) {
  std::ifstream file(options.file, std::ios::binary);
  common::Envelope envelope;
  if (!file || !envelope.ParseFromIstream(&file)) {
    std::cerr << options.file << " cannot be read, or is not what ccbus endorse writes\n";
    return kUsage;
  }
  client::Client client(options.connection.client_options());
  const auto start = Clock::now();
  const client::Reply reply =
      client.submit_prepared(envelope, options.connection.timeout,
                             options.no_wait ? SubmitRequest::ORDERED : SubmitRequest::COMMITTED);
  const auto elapsed = since(start);
  return print_reply(
      reply, options.json,
      {[elapsed](const client::Reply& any) { return invocation_json(any, elapsed); },
       [elapsed](const client::Reply& success) { return describe_invocation(success, elapsed); }});
}

void add_endorse(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<EndorseOptions>();
  CLI::App& command = *app.add_subcommand(
      "endorse", "Run a transaction and write it to a file, from which ccbus submit orders it");
  options->common.add_to(command);
  command.add_option("-o,--output", options->file, "The file to write")->required();
  command.add_flag("--json", options->json, "Print one JSON object, as ccbus invoke does");
  command.footer(std::string("\nExample:\n  ccbus endorse -C mychannel -n basic -c "
                             "'{\"Args\":[\"DeleteAsset\",\"a1\"]}' -o tx.pb\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = endorse(*options); });
}

void add_submit(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<SubmitOptions>();
  CLI::App& command = *app.add_subcommand(
      "submit", "Order a transaction of ccbus endorse: once, within peer.gateway.preparedLifetime");
  command.add_option("file", options->file, "The file that ccbus endorse wrote")->required();
  options->connection.add_to(command);
  command.add_flag("--no-wait", options->no_wait,
                   "Return as soon as it is ordered; ccbus commit-status has the outcome");
  command.add_flag("--json", options->json, "Print one JSON object, as ccbus invoke does");
  command.footer(std::string("\nExample:\n  ccbus submit tx.pb\n\n") + kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = submit(*options); });
}

}  // namespace

void add_endorse_commands(CLI::App& app, ExitCode& exit_code) {
  add_endorse(app, exit_code);
  add_submit(app, exit_code);
}

}  // namespace ccbus::cli
