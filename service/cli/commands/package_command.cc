#include "service/cli/commands/package_command.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "service/base/durable_files.h"
#include "service/base/printable.h"
#include "service/cli/json/definition_files.h"
#include "service/cli/package/chaincode_package.h"

namespace ccbus::cli {
namespace {

struct PackageOptions {
  std::string file;
  std::string label;
  std::string connection;  // These two are on the disk.
  std::string metadata;
  bool json = false;
};

Result<PackageContent> read_content(const PackageOptions& options) {
  PackageContent content;
  content.label = options.label;
  auto connection = read_package_part(options.connection, kPackageJsonBytesMax);
  if (!connection) return unexpected(connection.error());
  content.connection = std::move(*connection);
  if (options.metadata.empty()) return content;
  const std::filesystem::path database =
      std::filesystem::path(options.metadata) / "statedb" / "couchdb";
  auto files = read_index_files(database);
  if (!files) return unexpected(files.error());
  content.files = std::move(*files);
  for (IndexFile& file : content.files) {
    file.path = std::filesystem::path(file.path).lexically_relative(database).generic_string();
  }
  return content;
}

ExitCode make_package(const PackageOptions& options) {
  const auto content = read_content(options);
  if (!content) {
    std::cerr << printable(content.error().message) << "\n";
    return kUsage;
  }
  const auto bytes = write_chaincode_package(*content);
  if (!bytes) {
    std::cerr << printable(bytes.error().message) << "\n";
    return kUsage;
  }
  const auto written = write_durably(options.file, *bytes);
  if (!written) {
    std::cerr << written.error().message << "\n";
    return kRefused;
  }
  const std::string id = package_id(options.label, *bytes);
  if (options.json) {
    std::cout << nlohmann::json{{"package_id", id},
                                {"label", options.label},
                                {"file", options.file}}
              << "\n";
  } else {
    std::cout << kPackageIdentifier << id << "\n";
  }
  return kSuccess;
}

}  // namespace

void add_package_command(CLI::App& group, ExitCode& exit_code) {
  const auto options = std::make_shared<PackageOptions>();
  CLI::App& command = *group.add_subcommand(
      "package", "Make Fabric's package of a chaincode as a service, and show its package id");
  command.add_option("PACKAGE", options->file, "The file to write")->required();
  command.add_option("--label", options->label, "Its label, such as basic_1.0")->required();
  command
      .add_option("--connection", options->connection,
                  "Its connection.json: {\"address\":\"host:9999\",\"dial_timeout\":\"10s\","
                  "\"tls_required\":false}")
      ->required();
  command.add_option("--metadata", options->metadata,
                     "Its indexes: a directory META-INF with statedb/couchdb/");
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(
      "\nExample:\n"
      "  ccbus chaincode package basic.tgz --label basic_1.0 --connection connection.json\n\n"
      "The same content gives the same package id.\n\n"
      "Exit codes: 0 success, 1 it cannot be written, 2 wrong usage.");
  command.callback([options, &exit_code] { exit_code = make_package(*options); });
}

}  // namespace ccbus::cli
