#include "service/cli/commands/keygen_command.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "ccbus/curve/certificate.h"
#include "service/base/memory_dumps.h"
#include "service/cli/commands/certificate_files.h"

namespace ccbus::cli {
namespace {

struct KeygenOptions {
  std::string name;
  std::string directory = ".";
  bool json = false;
};

ExitCode keygen(const KeygenOptions& options) {
  const std::filesystem::path file =
      std::filesystem::path(options.directory) / (options.name + ".key");
  const std::filesystem::path secret_file = file.string() + "_secret";
  for (const auto& path : {file, secret_file}) {
    if (!std::filesystem::exists(path)) continue;
    std::cerr << path.string() << " exists; a key is never replaced: give another name\n";
    return kRefused;
  }
  forbid_memory_dumps();
  curve::Certificate certificate = curve::generate();
  certificate.metadata["name"] = options.name;
  // The secret first: a public key without its secret is of no use.
  for (const auto part : {curve::Part::kSecret, curve::Part::kPublic}) {
    const auto written =
        write_certificate(part == curve::Part::kPublic ? file : secret_file, certificate, part);
    if (!written) {
      std::cerr << written.error().message << "\n";
      return kRefused;
    }
  }
  if (options.json) {
    std::cout << nlohmann::ordered_json{{"ok", true},
                                        {"name", options.name},
                                        {"public_key", certificate.public_key},
                                        {"certificate", file.string()},
                                        {"secret_certificate", secret_file.string()}}
                     .dump()
              << "\n";
  } else {
    std::cout << "public key  " << certificate.public_key << "\n"
              << "public      " << file.string() << ": for those who are to know the key\n"
              << "secret      " << secret_file.string() << ": for its owner alone\n";
  }
  return kSuccess;
}

}  // namespace

void add_keygen_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<KeygenOptions>();
  CLI::App& command =
      *app.add_subcommand("keygen", "Make a key for the service, a chaincode or an application");
  command.add_option("NAME", options->name, "The key's name: NAME.key and NAME.key_secret")
      ->required()
      ->check(check_key_name);
  command.add_option("--out", options->directory, "The directory for the two files")
      ->capture_default_str()
      ->check(CLI::ExistingDirectory);
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(
      "\nExamples:\n"
      "  ccbus keygen server\n"
      "  ccbus keygen app --out ~/.ccbus\n\n"
      "The files are ZPL certificates, as CZMQ and pyzmq write them. docs/security.md has the "
      "whole "
      "way.\n\n"
      "Exit codes: 0 success, 1 the files exist or cannot be written, 2 wrong usage.");
  command.callback([options, &exit_code] { exit_code = keygen(*options); });
}

}  // namespace ccbus::cli
