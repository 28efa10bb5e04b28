#include "service/cli/commands/keys_command.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "ccbus/curve/certificate.h"
#include "service/base/durable_files.h"
#include "service/cli/commands/certificate_files.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/key_report.h"
#include "service/security/keys/key_store.h"
#include "service/security/keys/permissions.h"

namespace ccbus::cli {
namespace {

constexpr char kFileExitCodes[] =
    "Exit codes: 0 success, 1 refused, as the directory cannot be read or written, 2 wrong usage.";

struct DirectoryOptions {
  std::string directory = "ccbus-keys";
  bool json = false;

  void add_to(CLI::App& command) {
    command.add_option("--keys", directory, "The directory of allowed keys (security.keys)")
        ->capture_default_str()
        ->envname("CCBUS_SECURITY_KEYS");
    command.add_flag("--json", json, "Print one JSON object");
  }
};

ExitCode refuse(const std::string& why) {
  std::cerr << why << "\n";
  return kRefused;
}

// --- list ----------------------------------------------------------------------------------------

ExitCode list(const DirectoryOptions& options) {
  const auto keys = security::read_allowed_keys(options.directory);
  if (!keys) return refuse(keys.error().message);
  const KeysResponse report = keys_of(*keys);
  std::cout << (options.json ? keys_json(report) : format_keys(report)) << "\n";
  for (const std::string& error : report.errors()) std::cerr << error << "\n";
  return report.errors().empty() ? kSuccess : kRefused;
}

// --- allow ---------------------------------------------------------------------------------------

struct AllowOptions : DirectoryOptions {
  std::string certificate;
  std::string name;
  std::map<std::string, std::string> permissions = {{"channels", "*"}};
};

void print_allowed(const AllowOptions& options, const std::string& name,
                   const std::string& public_key) {
  KeysResponse report;
  KeyStatus& key = *report.add_keys();
  key.set_name(name);
  key.set_public_key(public_key);
  key.mutable_permissions()->insert(options.permissions.begin(), options.permissions.end());
  std::cout << (options.json ? keys_json(report) : format_keys(report)) << "\n";
}

// The certificate goes into the directory without its secret key, and with what it may do.
ExitCode allow(const AllowOptions& options) {
  curve::Certificate certificate = curve::read_certificate(options.certificate);
  std::string name = options.name;
  if (name.empty()) name = std::filesystem::path(options.certificate).stem().string();
  if (const std::string wrong = check_key_name(name); !wrong.empty()) return refuse(wrong);
  for (const std::string_view property : security::permission_properties()) {
    certificate.metadata.erase(std::string(property));
  }
  certificate.metadata.insert(options.permissions.begin(), options.permissions.end());
  if (auto sound = security::Permissions::parse(certificate.metadata); !sound) {
    std::cerr << sound.error().message << "\n";
    return kUsage;
  }
  std::error_code failed;
  std::filesystem::create_directories(options.directory, failed);
  if (failed) return refuse(options.directory + ": " + failed.message());
  const auto keys = security::read_allowed_keys(options.directory);
  if (!keys) return refuse(keys.error().message);
  const auto known = keys->by_public_key.find(certificate.public_key);
  if (known != keys->by_public_key.end() && known->second->name != name) {
    return refuse("the key is allowed already, as " + known->second->name +
                  ": revoke that, or give --name " + known->second->name);
  }
  const std::filesystem::path file = std::filesystem::path(options.directory) / (name + ".key");
  if (std::filesystem::exists(file) &&
      curve::read_certificate(file).public_key != certificate.public_key) {
    return refuse(file.string() + " is of another key: give another name by --name, or revoke it");
  }
  if (auto written = write_certificate(file, certificate, curve::Part::kPublic); !written) {
    return refuse(written.error().message);
  }
  print_allowed(options, name, certificate.public_key);
  return kSuccess;
}

void add_permission(CLI::App& command, AllowOptions& options, const std::string& property,
                    const std::string& help) {
  command.add_option_function<std::vector<std::string>>(
      "--" + property,
      [&options, property](const std::vector<std::string>& values) {
        std::string& list = options.permissions[property];
        list.clear();
        for (const std::string& value : values) list += (list.empty() ? "" : ", ") + value;
      },
      help);
}

void add_allow(CLI::App& group, ExitCode& exit_code) {
  const auto options = std::make_shared<AllowOptions>();
  CLI::App& command =
      *group.add_subcommand("allow", "Allow a key to connect, and say what it may do");
  command.add_option("CERTIFICATE", options->certificate, "Its public certificate: app.key")
      ->required()
      ->check(CLI::ExistingFile);
  command.add_option("--name", options->name,
                     "Its name in the directory and in log lines; else that of the certificate");
  add_permission(command, *options, "register",
                 "Patterns of the chaincode names that it may register: 'basic,asset-*'");
  add_permission(command, *options, "channels", "Patterns of the channels that it may use [*]");
  add_permission(command, *options, "rights",
                 "What it may do as a client: evaluate, submit, events, read; define, channels, "
                 "maintain, keys; client or admin for four of them each, all");
  add_permission(command, *options, "snapshots",
                 "Directories below which it may have snapshots written and read");
  add_permission(command, *options, "expires",
                 "From when it is not accepted: 2027-01-31T00:00:00Z");
  add_permission(command, *options, "requests",
                 "signed: only requests that carry a client's signature, as those of a bridge do");
  add_permission(command, *options, "attributes",
                 "Attributes that chaincode finds in the identity which stands for the key: "
                 "role=auditor,dept=7");
  options->add_to(command);
  command.footer(std::string("\nExamples:\n"
                             "  ccbus keys allow basic.key --register basic --channels mychannel\n"
                             "  ccbus keys allow app.key --rights client --channels 'sales-*'\n"
                             "  ccbus keys allow admin.key --rights all\n\n"
                             "A running service finds it within a second. ") +
                 kFileExitCodes);
  command.callback([options, &exit_code] {
    if (!options->permissions.contains("register") && !options->permissions.contains("rights")) {
      throw CLI::ValidationError("keys allow",
                                 "give --register, --rights or both: a key without "
                                 "them may connect and do nothing");
    }
    exit_code = allow(*options);
  });
}

// --- revoke --------------------------------------------------------------------------------------

struct RevokeOptions : DirectoryOptions {
  std::string name;
};

ExitCode revoke(const RevokeOptions& options) {
  const std::filesystem::path file =
      std::filesystem::path(options.directory) / (options.name + ".key");
  std::error_code failed;
  if (!std::filesystem::remove(file, failed)) {
    return refuse(file.string() + ": " + (failed ? failed.message() : "there is no such key"));
  }
  if (auto synced = sync_directory(options.directory); !synced) {
    return refuse(synced.error().message);
  }
  if (options.json) {
    std::cout << nlohmann::ordered_json{{"ok", true}, {"revoked", options.name}}.dump() << "\n";
  } else {
    std::cout << "revoked " << options.name
              << ": a running service ends its connections within a second\n";
  }
  return kSuccess;
}

// --- reload --------------------------------------------------------------------------------------

struct ReloadOptions {
  ConnectionOptions connection;
  bool json = false;
};

ExitCode reload(const ReloadOptions& options) {
  client::Client client(options.connection.client_options());
  ClientRequest request;
  request.mutable_keys()->set_reload(true);
  return print_reply(client.call(std::move(request), options.connection.timeout), options.json,
                     {reloaded_keys_json, [](const client::Reply& reply) {
                        for (const std::string& error : reply.response.keys().errors())
                          std::cerr << error << "\n";
                        return format_keys(reply.response.keys());
                      }});
}

}  // namespace

void add_keys_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& group = *app.add_subcommand("keys", "Who may connect, and what they may do");
  group.require_subcommand(1);

  const auto list_options = std::make_shared<DirectoryOptions>();
  CLI::App& list_command = *group.add_subcommand("list", "Show the keys of a directory");
  list_options->add_to(list_command);
  list_command.footer(std::string("\nExample:\n  ccbus keys list --keys /etc/ccbus/keys\n\n"
                                  "A certificate that cannot be taken is told on stderr. ") +
                      kFileExitCodes);
  list_command.callback([list_options, &exit_code] { exit_code = list(*list_options); });

  add_allow(group, exit_code);

  const auto revoke_options = std::make_shared<RevokeOptions>();
  CLI::App& revoke_command =
      *group.add_subcommand("revoke", "Take a key out of a directory; its connections end");
  revoke_command.add_option("NAME", revoke_options->name, "The key's name, as `list` shows it")
      ->required()
      ->check(check_key_name);
  revoke_options->add_to(revoke_command);
  revoke_command.footer(std::string("\nExample:\n  ccbus keys revoke app\n\n") + kFileExitCodes);
  revoke_command.callback([revoke_options, &exit_code] { exit_code = revoke(*revoke_options); });

  const auto reload_options = std::make_shared<ReloadOptions>();
  CLI::App& reload_command = *group.add_subcommand(
      "reload", "Have a service read its directory now, and show who is connected");
  reload_options->connection.add_to(reload_command);
  reload_command.add_flag("--json", reload_options->json, "Print one JSON object");
  reload_command.footer(
      std::string("\nExample:\n  ccbus keys reload --key admin.key --server-key server.key\n\n") +
      kExitCodesHelp);
  reload_command.callback([reload_options, &exit_code] { exit_code = reload(*reload_options); });
}

}  // namespace ccbus::cli
