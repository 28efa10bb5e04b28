#include "service/cli/commands/doctor_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "service/cli/commands/connection_options.h"
#include "service/cli/reports/key_report.h"

namespace ccbus::cli {
namespace {

using nlohmann::ordered_json;

struct DoctorOptions {
  ConnectionOptions connection;
  bool json = false;
};

// What was found out, from the connection to the rights.
struct Finding {
  bool is_reachable = false;
  bool is_admitted = false;  // The handshake has succeeded.
  bool is_client_endpoint = false;
  std::string message;  // Why it is no further.
  KeyStatus key;        // As the service knows it; without a name if it asks for none.
};

Finding examine(const client::Reply& reply) {
  Finding finding;
  finding.message = reply.error.message;
  const bool has_answered = reply.error.origin == client::Origin::kService;
  finding.is_reachable = has_answered || reply.error.code == UNAUTHENTICATED;
  finding.is_admitted = has_answered;
  finding.is_client_endpoint = reply.response.has_service_status();
  finding.key = reply.response.service_status().own_key();
  return finding;
}

std::string text_of(const Finding& finding, bool has_key) {
  if (!finding.is_reachable) return "not reachable: " + finding.message;
  if (!finding.is_admitted) return "reachable, but refused: " + finding.message;
  std::string text = "reachable";
  if (has_key) text += "; the server key is the service's, and the key is accepted";
  if (!finding.is_client_endpoint) return text + "\nit does not serve clients: " + finding.message;
  if (finding.key.name().empty()) return text + "; nobody is asked for a key";
  return text + " as " + finding.key.name() + "\n  " + format_permissions(finding.key);
}

ExitCode doctor(const DoctorOptions& options) {
  const client::Options connection = options.connection.client_options();
  client::Client client(connection);
  const Finding finding = examine(client.status(options.connection.timeout));
  if (options.json) {
    std::cout << ordered_json{{"ok", finding.is_admitted},
                              {"address", connection.endpoint},
                              {"reachable", finding.is_reachable},
                              {"admitted", finding.is_admitted},
                              {"serves_clients", finding.is_client_endpoint},
                              {"key", finding.key.name()},
                              {"permissions", format_permissions(finding.key)},
                              {"message", finding.message}}
                     .dump(-1, ' ', false, ordered_json::error_handler_t::replace)
              << "\n";
  } else {
    (finding.is_admitted ? std::cout : std::cerr)
        << connection.endpoint << ": " << text_of(finding, !connection.keys.empty()) << "\n";
  }
  if (!finding.is_reachable) return kUnreachable;
  return finding.is_admitted ? kSuccess : kRefused;
}

}  // namespace

void add_doctor_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<DoctorOptions>();
  options->connection.timeout = std::chrono::seconds(5);
  CLI::App& command = *app.add_subcommand(
      "doctor", "Find out why a service cannot be reached or does not accept a key");
  options->connection.add_to(command);
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(
      "\nExamples:\n"
      "  ccbus doctor --address tcp://127.0.0.1:7051 --key app.key --server-key server.key\n"
      "  ccbus doctor --address tcp://127.0.0.1:7052 --key basic.key --server-key server.key\n\n"
      "Exit codes: 0 the service accepts the key, 1 it is there and refuses (with the reason),\n"
      "2 wrong usage, 3 it cannot be reached.");
  command.callback([options, &exit_code] { exit_code = doctor(*options); });
}

}  // namespace ccbus::cli
