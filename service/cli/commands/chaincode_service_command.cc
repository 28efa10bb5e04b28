#include "service/cli/commands/chaincode_service_command.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "service/base/printable.h"
#include "service/cli/commands/operations_client.h"
#include "service/cli/terminal/outcome.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;

constexpr const char* kPath = "/chaincodes";
constexpr int kOk = 200;
constexpr int kNoContent = 204;

struct ServiceOptions {
  OperationsOptions bridge;
  std::string name;
  std::string package_id;
  std::vector<std::string> addresses;
  std::string dial_timeout;
  std::string root_cert;  // These are files.
  std::string client_cert;
  std::string client_key;
  std::string domain;
  bool json = false;
};

Result<std::string> read_text(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return fail(ErrorCode::kInvalid, "cannot read " + file);
  return text;
}

// What the bridge takes: Fabric's connection.json with the name beside it.
Result<json> connection_of(const ServiceOptions& options) {
  json connection{{"name", options.name}, {"addresses", options.addresses}};
  if (!options.package_id.empty()) connection["package_id"] = options.package_id;
  if (!options.dial_timeout.empty()) connection["dial_timeout"] = options.dial_timeout;
  if (options.root_cert.empty()) return connection;
  connection["tls_required"] = true;
  connection["client_auth_required"] = !options.client_cert.empty();
  if (!options.domain.empty()) connection["domain"] = options.domain;
  for (const auto& [field, file] :
       {std::pair("root_cert", options.root_cert), std::pair("client_cert", options.client_cert),
        std::pair("client_key", options.client_key)}) {
    if (file.empty()) continue;
    auto text = read_text(file);
    if (!text) return unexpected(text.error());
    connection[field] = std::move(*text);
  }
  return connection;
}

ExitCode ask_change(const OperationsOptions& bridge, const HttpQuestion& question) {
  const auto answer = ask_operations(bridge, question);
  if (!answer) return report_no_response(answer.error());
  return answer->status == kNoContent ? kSuccess : report_refusal(*answer);
}

// Says that a change was made, if it was.
ExitCode report_change(const ServiceOptions& options, ExitCode changed, const std::string& done) {
  if (changed != kSuccess) return changed;
  std::cout << (options.json ? json{{"name", options.name}}.dump() : done) << "\n";
  return kSuccess;
}

ExitCode connect(const ServiceOptions& options) {
  const auto connection = connection_of(options);
  if (!connection) {
    std::cerr << connection.error().message << "\n";
    return kUsage;
  }
  return report_change(
      options, put_chaincode_service(options.bridge, *connection),
      "ccbus-bridge calls " + options.name + "; `ccbus chaincode services` shows how that goes");
}

ExitCode disconnect(const ServiceOptions& options) {
  const HttpQuestion question{std::string(kPath) + "?name=" + options.name, "DELETE"};
  return report_change(options, ask_change(options.bridge, question),
                       "ccbus-bridge calls " + options.name + " no more");
}

void print(const json& services) {
  if (services.empty()) std::cout << "ccbus-bridge calls no chaincode.\n";
  for (const json& service : services) {
    const std::string package_id = text_at(service, "package_id", "");
    for (const json& process : service.value("processes", json::array())) {
      std::cout << printable(service.value("name", "")) << "  "
                << printable(process.value("address", "")) << "  "
                << (process.value("called", false) ? "called" : "waits for the next attempt");
      if (const auto failed = process.value("failed_attempts", 0); failed > 0) {
        std::cout << ", " << failed << " have failed: " << printable(process.value("last_end", ""));
      }
      std::cout << "\n";
    }
    if (!package_id.empty()) std::cout << "  package id " << printable(package_id) << "\n";
  }
}

ExitCode services(const ServiceOptions& options) {
  const auto answer = ask_operations(options.bridge, {kPath});
  if (!answer) return report_no_response(answer.error());
  const json shown = answer->object();
  if (answer->status != kOk || !shown.contains("services")) return report_refusal(*answer);
  if (options.json) {
    std::cout << shown << "\n";
  } else {
    print(shown["services"]);
  }
  return kSuccess;
}

CLI::App& add_command(CLI::App& group, const char* name, const char* description,
                      const char* example, const std::shared_ptr<ServiceOptions>& options) {
  CLI::App& command = *group.add_subcommand(name, description);
  options->bridge.add_to(command, OperationsOptions::Of::kBridge);
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(std::string("\nExample:\n  ccbus chaincode ") + example + "\n\n" + kExitCodesHelp);
  return command;
}

void add_connect(CLI::App& group, ExitCode& exit_code) {
  const auto options = std::make_shared<ServiceOptions>();
  CLI::App& command = add_command(
      group, "connect",
      "Have ccbus-bridge call a chaincode as a service, now and after each restart; it takes the "
      "place of the one of its name",
      "connect basic --address host:9999", options);
  command.add_option("NAME", options->name, "The chaincode's name")->required();
  command
      .add_option("--address", options->addresses, "host:port of its processes, which form a pool")
      ->required()
      ->delimiter(',');
  command.add_option("--package-id", options->package_id,
                     "By which it registers, label:hash; its name then stands for it");
  command.add_option("--dial-timeout", options->dial_timeout,
                     "How long a connection may take to be made; 3s");
  const auto add_file = [&](const char* name, std::string& file, const char* help) {
    return command.add_option(name, file, help)->check(CLI::ExistingFile);
  };
  CLI::Option* tls = add_file("--tls-root-cert", options->root_cert,
                              "With TLS: the CAs of its certificate, in PEM");
  CLI::Option* cert =
      add_file("--tls-client-cert", options->client_cert, "A certificate to show, in PEM");
  CLI::Option* key = add_file("--tls-client-key", options->client_key, "Its key, in PEM");
  CLI::Option* domain = command.add_option("--tls-domain", options->domain,
                                           "The name in its certificate, if it is not the host's");
  cert->needs(tls)->needs(key);
  key->needs(cert);
  domain->needs(cert);  // As in Fabric's connection.json.
  command.callback([options, &exit_code] { exit_code = connect(*options); });
}

}  // namespace

ExitCode put_chaincode_service(const OperationsOptions& bridge, const json& connection) {
  return ask_change(
      bridge, {kPath, "PUT", connection.dump(-1, ' ', false, json::error_handler_t::replace)});
}

void add_chaincode_service_commands(CLI::App& group, ExitCode& exit_code) {
  add_connect(group, exit_code);

  const auto ended = std::make_shared<ServiceOptions>();
  CLI::App& disconnecting =
      add_command(group, "disconnect", "Have ccbus-bridge call a chaincode as a service no more",
                  "disconnect basic", ended);
  disconnecting.add_option("NAME", ended->name, "The chaincode's name")->required();
  disconnecting.callback([ended, &exit_code] { exit_code = disconnect(*ended); });

  const auto shown = std::make_shared<ServiceOptions>();
  add_command(group, "services",
              "Show the chaincodes as a service that ccbus-bridge calls, and how that goes",
              "services", shown)
      .callback([shown, &exit_code] { exit_code = services(*shown); });
}

}  // namespace ccbus::cli
