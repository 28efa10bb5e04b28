#include "service/cli/commands/ledger_maintenance_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "service/cli/commands/argument_checks.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/channel_report.h"
#include "service/cli/reports/ledger_report.h"
#include "service/cli/terminal/progress_line.h"

namespace ccbus::cli {
namespace {

using std::chrono::milliseconds;

struct MaintenanceOptions {
  ConnectionOptions connection;
  std::string channel;
  std::string directory;
  bool yes = false;
  bool json = false;

  MaintenanceOptions() { connection.timeout = std::chrono::hours(1); }

  [[nodiscard]] ClientRequest ledger_request() const {
    ClientRequest request;
    request.mutable_ledger()->set_channel_id(channel);
    return request;
  }
  [[nodiscard]] ClientRequest channel_request() const {
    ClientRequest request;
    request.mutable_channel()->set_channel_id(channel);
    return request;
  }
  // The service has another working directory, so it is sent an absolute path.
  [[nodiscard]] std::string absolute_directory() const {
    return std::filesystem::absolute(directory).string();
  }
};

ExitCode print_ledger(const client::Reply& reply, const MaintenanceOptions& options) {
  return print_reply(reply, options.json, {ledger_json, [](const client::Reply& success) {
                                             return format_ledger(success.response.ledger());
                                           }});
}

std::string format_progress(const ccbus::Progress& progress) {
  return "verifying " + progress_bar(progress.blocks(), progress.blocks_total()) + " " +
         std::to_string(progress.blocks()) + " of " + std::to_string(progress.blocks_total()) +
         " blocks, " + std::to_string(progress.keys()) + " keys compared";
}

// Waits for the reply and meanwhile asks for the progress, which it displays.
client::Reply wait_with_progress(client::Client& client, const client::Sent& sent,
                                 const MaintenanceOptions& options) {
  constexpr milliseconds kInterval{300};
  ProgressLine line;
  const auto deadline = std::chrono::steady_clock::now() + options.connection.timeout;
  while (std::chrono::steady_clock::now() < deadline) {
    auto reply = client.receive(kInterval);
    if (!reply) {
      ClientRequest question = options.ledger_request();
      question.mutable_ledger()->mutable_progress();
      static_cast<void>(client.send(std::move(question)));
    } else if (reply->correlation_id == sent.correlation_id) {
      return *std::move(reply);
    } else if (reply->response.ledger().has_progress()) {
      line.show(format_progress(reply->response.ledger().progress()));
    }
  }
  client::Reply late;
  late.error = {DEADLINE_EXCEEDED,
                "no answer within --timeout, " +
                    std::to_string(options.connection.timeout.count()) +
                    " ms; the verification ends with this command",
                client::Origin::kClient};
  return late;
}

ExitCode verify(const MaintenanceOptions& options) {
  client::Client client(options.connection.client_options());
  ClientRequest request = options.ledger_request();
  request.mutable_ledger()->mutable_verify();
  const client::Sent sent = client.send(std::move(request));
  client::Reply reply;
  reply.error = sent.error;
  if (sent.ok()) reply = wait_with_progress(client, sent, options);
  const ExitCode code = print_ledger(reply, options);
  const bool differs = reply.response.ledger().verification().differences_count() > 0;
  return code == kSuccess && differs ? kRefused : code;
}

ExitCode snapshot(const MaintenanceOptions& options) {
  client::Client client(options.connection.client_options());
  ClientRequest request = options.ledger_request();
  request.mutable_ledger()->mutable_snapshot()->set_directory(options.absolute_directory());
  return print_ledger(client.call(std::move(request), options.connection.timeout), options);
}

ExitCode change_channel(ClientRequest request, const MaintenanceOptions& options,
                        const char* done) {
  client::Client client(options.connection.client_options());
  const client::Reply reply = client.call(std::move(request), options.connection.timeout);
  return print_reply(reply, options.json, {channel_json, [done](const client::Reply& success) {
                                             return format_channel(success, done);
                                           }});
}

ExitCode restore(const MaintenanceOptions& options) {
  ClientRequest request = options.channel_request();
  request.mutable_channel()->mutable_create()->set_snapshot_directory(options.absolute_directory());
  return change_channel(std::move(request), options, "restored");
}

ExitCode reset(const MaintenanceOptions& options) {
  if (!options.yes) {
    std::cerr << "this deletes all blocks of channel " << options.channel
              << "; add --yes to confirm\n";
    return kUsage;
  }
  ClientRequest request = options.channel_request();
  request.mutable_channel()->mutable_reset();
  return change_channel(std::move(request), options, "reset");
}

struct MaintenanceKind {
  const char* name;
  const char* description;
  const char* example;
  const char* directory;  // The meaning of the argument; nullptr if there is none.
  ExitCode (*run)(const MaintenanceOptions&);
};

constexpr MaintenanceKind kMaintenanceKinds[] = {
    {"verify",
     "Check the hash chain, rebuild the state from the blocks, and compare it with the stored one",
     "", nullptr, verify},
    {"snapshot", "Write the content of a channel to a directory, while it is in use",
     "/backup/monday", "The directory, on the service's machine", snapshot},
    {"restore", "Fill a channel that has no blocks from a snapshot of it", "/backup/monday",
     "The snapshot, on the service's machine", restore},
    {"reset", "Delete the content of a channel, which begins again at height 0", "--yes", nullptr,
     reset},
};

}  // namespace

void add_ledger_maintenance_commands(CLI::App& group, ExitCode& exit_code) {
  for (const MaintenanceKind& kind : kMaintenanceKinds) {
    const auto options = std::make_shared<MaintenanceOptions>();
    CLI::App& command = *group.add_subcommand(kind.name, kind.description);
    command.add_option("-C,--channelID", options->channel, "The channel")->required();
    if (kind.directory != nullptr) {
      command.add_option("directory", options->directory, kind.directory)
          ->required()
          ->check(check_not_empty);
    }
    if (kind.run == reset)
      command.add_flag("--yes", options->yes,
                       "Confirm that everything in the channel is to be deleted");
    options->connection.add_to(command);
    command.add_flag("--json", options->json, "Print one JSON object");
    command.footer(std::string("\nExample:\n  ccbus ledger ") + kind.name + " -C mychannel " +
                   kind.example + "\n\n" + kExitCodesHelp);
    command.callback([options, run = kind.run, &exit_code] { exit_code = run(*options); });
  }
}

}  // namespace ccbus::cli
