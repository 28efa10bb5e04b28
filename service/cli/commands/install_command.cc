#include "service/cli/commands/install_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/chaincode_names.h"
#include "service/base/memory_dumps.h"
#include "service/base/printable.h"
#include "service/cli/commands/chaincode_service_command.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/json/definition_files.h"
#include "service/cli/package/chaincode_package.h"
#include "service/cli/package/connection_file.h"
#include "service/cli/reports/definition_report.h"
#include "service/cli/reports/invocation_report.h"
#include "service/cli/terminal/outcome.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;

struct InstallOptions {
  OperationsOptions bridge;
  ConnectionOptions service;  // Without its timeout: the bridge's counts for both.
  std::string file;
  std::string name;
  std::vector<std::string> addresses;
  std::string channel;
  std::string version;
  std::string collections_config;
  bool json = false;
};

unexpected<Error> about(const std::filesystem::path& file, const Error& error) {
  return fail(error.code, file.string() + ": " + error.message);
}

void print_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) std::cerr << "note: " << printable(note) << "\n";
}

// What is to be installed.
struct Installation {
  ChaincodePackage package;
  json connection;  // As ccbus-bridge takes it.
};

Result<Installation> read_installation(const InstallOptions& options) {
  const auto bytes = read_package_part(options.file, kPackageBytesMax);
  if (!bytes) return unexpected(bytes.error());
  auto package = read_chaincode_package(*bytes);
  if (!package) return about(options.file, package.error());
  const char* const config = std::getenv(kBuilderConfig);
  auto connection = read_connection_file(package->connection,
                                         {config == nullptr ? "" : config, options.addresses});
  if (!connection) return about(options.file, connection.error());
  const std::string name =
      options.name.empty() ? chaincode_name_of_label(package->label) : options.name;
  if (!is_chaincode_name(name)) {
    return fail(ErrorCode::kInvalid, "'" + printable(name) + "' is no name of a chaincode (" +
                                         kChaincodeNameForm + "); give one with --name");
  }
  (*connection)["name"] = name;
  (*connection)["package_id"] = package->id;
  return Installation{std::move(*package), std::move(*connection)};
}

client::Reply ask_definitions(client::Client& client, const InstallOptions& options,
                              const std::string& name) {
  ClientRequest request;
  request.mutable_ledger()->set_channel_id(options.channel);
  request.mutable_ledger()->mutable_definitions()->set_name(name);
  return client.call(std::move(request), options.bridge.timeout);
}

// Asks for the definition of this name. The reply has no definition if the channel has none of it.
client::Reply ask_definition(client::Client& client, const InstallOptions& options,
                             const std::string& name) {
  client::Reply reply = ask_definitions(client, options, name);
  if (reply.error.code != NOT_FOUND) return reply;
  client::Reply all = ask_definitions(client, options, "");  // Is it the channel that is missing?
  all.response.mutable_ledger()->mutable_definitions()->clear_chaincodes();
  return all;
}

// The present definition, with the indexes of the package.
Result<DefineRequest> definition_with(const Installation& installation,
                                      const InstallOptions& options, const client::Reply& present) {
  DefineRequest request;
  request.set_channel_id(options.channel);
  ChaincodeDefinition& definition = *request.mutable_definition();
  const auto& known = present.response.ledger().definitions().chaincodes();
  if (!known.empty()) definition = known[0].definition();
  definition.set_name(installation.connection["name"].get<std::string>());
  if (!options.version.empty()) definition.set_version(options.version);
  if (definition.version().empty()) definition.set_version("1.0");
  if (!options.collections_config.empty()) {
    definition.clear_collections();
    const auto added = add_collections(options.collections_config, definition);
    if (!added) return unexpected(added.error());
  }
  if (!installation.package.files.empty()) definition.clear_indexes();
  const auto notes = add_indexes(installation.package.files, definition);
  if (!notes) return about(options.file, notes.error());
  print_notes(*notes);
  return request;
}

// Without a channel the indexes are checked all the same.
Result<void> check_indexes(const Installation& installation, const InstallOptions& options) {
  const auto& files = installation.package.files;
  ChaincodeDefinition any;
  for (const IndexFile& file : files) any.add_collections()->set_name(file.collection);
  const auto notes = add_indexes(files, any);
  if (!notes) return about(options.file, notes.error());
  print_notes(*notes);
  if (files.empty()) return {};
  print_notes(
      {"it has " + std::to_string(files.size()) + " indexes; give -C CHANNEL to have them used"});
  return {};
}

ExitCode report_usage(const Error& error) {
  std::cerr << printable(error.message) << "\n";
  return kUsage;
}

json installation_json(const Installation& installation) {
  json shown{{"package_id", installation.package.id},
             {"label", installation.package.label},
             {"type", installation.package.type},
             {"indexes", installation.package.files.size()}};
  for (const char* member : {"name", "addresses"}) shown[member] = installation.connection[member];
  return shown;
}

void print_installed(const Installation& installation) {
  std::cout << kPackageIdentifier << installation.package.id << "\nccbus-bridge calls "
            << installation.connection["name"].get<std::string>() << " at";
  for (const json& address : installation.connection["addresses"]) {
    std::cout << " " << printable(address.get<std::string>());
  }
  std::cout << "; `ccbus chaincode services` shows how that goes\n";
}

// Defines the chaincode, once the bridge has it.
ExitCode define_installed(client::Client& client, const InstallOptions& options,
                          const DefineRequest& request, json shown) {
  const auto start = std::chrono::steady_clock::now();
  const client::Reply reply = client.define(request, options.bridge.timeout);
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  const ExitCode code = exit_code_of(reply);
  if (options.json) {
    shown["definition"] = json::parse(invocation_json(reply, elapsed), nullptr, false);
    std::cout << shown.dump(-1, ' ', false, json::error_handler_t::replace) << "\n";
  } else if (code != kSuccess) {
    std::cerr << failure_text(reply) << "\n";
  } else {
    std::cout << describe_defined(request, reply) << "\n";
    if (const auto note = note_of_defined(reply); !note.empty()) print_notes({note});
  }
  return code;
}

ExitCode install(const InstallOptions& options) {
  forbid_memory_dumps();  // A package may have a key for TLS.
  const auto installation = read_installation(options);
  if (!installation) return report_usage(installation.error());
  print_notes(installation->package.notes);
  std::optional<client::Client> client;
  std::optional<DefineRequest> request;
  if (options.channel.empty()) {
    if (auto checked = check_indexes(*installation, options); !checked) {
      return report_usage(checked.error());
    }
  } else {
    client.emplace(options.service.client_options());
    const auto present = ask_definition(*client, options, installation->connection["name"]);
    if (!present.error.ok()) {
      std::cerr << failure_text(present) << "\n";
      return exit_code_of(present);
    }
    auto with = definition_with(*installation, options, present);
    if (!with) return report_usage(with.error());
    request = std::move(*with);
  }
  const ExitCode connected = put_chaincode_service(options.bridge, installation->connection);
  if (connected != kSuccess) return connected;
  const json shown = installation_json(*installation);
  if (!options.json) print_installed(*installation);
  if (request) return define_installed(*client, options, *request, shown);
  if (options.json) std::cout << shown.dump(-1, ' ', false, json::error_handler_t::replace) << "\n";
  return kSuccess;
}

}  // namespace

void add_install_command(CLI::App& group, ExitCode& exit_code) {
  const auto options = std::make_shared<InstallOptions>();
  options->bridge.timeout = options->service.timeout;
  CLI::App& command = *group.add_subcommand(
      "install",
      "Install Fabric's package of a chaincode as a service: ccbus-bridge calls it, now and after "
      "each restart, and knows it by its package id");
  command
      .add_option("PACKAGE", options->file,
                  "Made by `peer lifecycle chaincode package`, or by "
                  "`ccbus chaincode package`")
      ->required();
  command.add_option("--name", options->name,
                     "The chaincode's name; otherwise the label, without the version at its end");
  command
      .add_option("--chaincode-address", options->addresses,
                  "host:port of its processes, in place of the package's own address")
      ->delimiter(',')
      ->allow_extra_args(false);
  CLI::Option* const channel = command.add_option(
      "-C,--channelID", options->channel,
      "Define it on this channel, so that the package's indexes are used; of a definition that is "
      "there, the rest stays");
  command.add_option("-v,--version", options->version, "The definition's version")->needs(channel);
  command
      .add_option("--collections-config", options->collections_config,
                  "The definition's collections: Fabric's collections_config.json")
      ->needs(channel);
  add_address_option(command, "--address", options->service.address,
                     "With -C: the service's client endpoint")
      .envname("CCBUS_ADDRESS");
  add_key_options(command, options->service.key, options->service.server_key);
  command.add_flag("--json", options->json, "Print one JSON object");
  options->bridge.add_to(command, OperationsOptions::Of::kBridge);
  command.footer(std::string("\nExample:\n  ccbus chaincode install basic.tgz -C mychannel\n\n"
                             "{{.name}} in the package's connection.json stands for a member of "
                             "the JSON object in\n") +
                 kBuilderConfig + ", as for a peer.\n\n" + kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = install(*options); });
}

}  // namespace ccbus::cli
