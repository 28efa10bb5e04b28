#include "service/cli/commands/invoke_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "service/base/hex.h"
#include "service/cli/commands/invocation_options.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/invocation_report.h"

namespace ccbus::cli {
namespace {

struct InvokeOptions {
  InvocationOptions common;
  client::SubmitOptions submit;
  std::string nonce;  // Decoded; empty: it is chosen.
  bool is_init = false;
  bool no_wait = false;
  bool json = false;
};

// The id of the transaction with the nonce of --nonce. Empty: the service does not say who creates
// it, and `failure` says why.
std::string transaction_id(const InvokeOptions& options,
                           const std::optional<client::Identity>& signer, client::Client& client,
                           client::Reply& failure) {
  if (signer) return client::transaction_id_of(options.nonce, signer->serialized());
  failure = client.status(options.common.connection.timeout);
  if (!failure.error.ok()) return {};
  for (const ChannelStatus& channel : failure.response.service_status().channels()) {
    if (channel.channel_id() == options.common.channel && !channel.creator().empty()) {
      return client::transaction_id_of(options.nonce, channel.creator());
    }
  }
  failure.error = {FAILED_PRECONDITION,
                   "the service names no creator of transactions on channel '" +
                       options.common.channel + "', which the id of one with --nonce needs",
                   client::Origin::kClient};
  return {};
}

// A failure says which transaction it is about, as far as that is known.
void name_transaction(const std::string& id, client::Reply& reply) {
  if (id.empty() || reply.error.ok()) return;
  if (!reply.response.has_submit()) {
    reply.response.mutable_submit()->set_validation_code(protos::NOT_VALIDATED);
  }
  reply.response.mutable_submit()->set_transaction_id(id);
  if (reply.error.message.find(id) == std::string::npos) {
    reply.error.message += " (transaction " + id + ")";
  }
}

ExitCode invoke(const InvokeOptions& options) {
  auto invocation = options.common.invocation();
  if (!invocation) {
    std::cerr << invocation.error().message << "\n";
    return kUsage;
  }
  invocation->is_init = options.is_init;
  invocation->nonce = options.nonce;

  client::SubmitOptions submit = options.submit;
  if (options.no_wait) submit.until = SubmitRequest::ORDERED;

  const auto signer = options.common.identity.signer();
  const auto timeout = options.common.connection.timeout;
  client::Client client(options.common.connection.client_options());
  const auto start = std::chrono::steady_clock::now();
  client::Reply reply;
  std::string id;
  if (!options.nonce.empty()) id = transaction_id(options, signer, client, reply);
  if (options.nonce.empty() || !id.empty()) {
    reply = signer ? client::submit(client, *invocation, *signer, timeout, submit)
                   : client.submit(*invocation, timeout, submit);
  }
  name_transaction(id, reply);
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);

  return print_reply(
      reply, options.json,
      {[elapsed](const client::Reply& any) { return invocation_json(any, elapsed); },
       [elapsed](const client::Reply& success) { return describe_invocation(success, elapsed); }});
}

}  // namespace

void add_invoke_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<InvokeOptions>();
  CLI::App& command =
      *app.add_subcommand("invoke", "Run a transaction and wait until its block is on disk");
  options->common.add_to(command);
  command.add_flag("-I,--isInit", options->is_init, "Call the chaincode's init");
  command.add_option("--retry", options->submit.retries,
                     "How often to run it again on the new state after a conflict");
  command
      .add_option("--endorsing-orgs", options->submit.endorsing_organizations,
                  "MSP ids of the organisations that endorse; otherwise all that the service plays")
      ->delimiter(',');
  command.add_option_function<std::string>(
      "--nonce",
      [options](const std::string& text) {
        const auto nonce = from_hex(text);
        if (!nonce || nonce->empty()) {
          throw CLI::ValidationError("--nonce", "'" + text + "' is not hexadecimal digits");
        }
        options->nonce = *nonce;
      },
      "Hexadecimal digits, at most 64 bytes, for one transaction: an error then names its id, of "
      "which ccbus commit-status knows the outcome");
  command.add_flag("--no-wait", options->no_wait,
                   "Return as soon as it is ordered; ccbus commit-status has the outcome");
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(std::string("\nExample:\n  ccbus invoke -C mychannel -n basic -c "
                             "'{\"Args\":[\"CreateAsset\",\"a1\",\"blue\",\"5\",\"tom\",\"300\"]}'"
                             "\n\n") +
                 kInvocationJsonHelp + "\n\n" + kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = invoke(*options); });
}

}  // namespace ccbus::cli
