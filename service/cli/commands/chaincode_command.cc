#include "service/cli/commands/chaincode_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/cli/commands/connection_options.h"
#include "service/cli/json/collections_config.h"
#include "service/cli/json/index_definition.h"
#include "service/cli/reports/invocation_report.h"
#include "service/cli/terminal/outcome.h"

namespace ccbus::cli {
namespace {

namespace fs = std::filesystem;

struct DefineOptions {
  ConnectionOptions connection;
  std::string channel;
  std::string name;
  std::string version = "1.0";
  std::string collections_config;
  std::string indexes;
  bool init_required = false;
  bool json = false;
};

Result<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return fail(ErrorCode::kIo, "cannot read " + path.string());
  return text;
}

Result<void> add_collections(const DefineOptions& options, ccbus::ChaincodeDefinition& definition) {
  if (options.collections_config.empty()) return {};
  const auto text = read_file(options.collections_config);
  if (!text) return unexpected(text.error());
  auto collections = parse_collections_config(*text);
  if (!collections) {
    return fail(ErrorCode::kInvalid,
                options.collections_config + ": " + collections.error().message);
  }
  for (auto& collection : *collections) *definition.add_collections() = std::move(collection);
  return {};
}

// The *.json of one directory, in the order of their names.
Result<void> add_indexes_of(const fs::path& directory, const std::string& collection,
                            ccbus::ChaincodeDefinition& definition) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.is_regular_file() && entry.path().extension() == ".json") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const auto text = read_file(file);
    if (!text) return unexpected(text.error());
    auto index = parse_index_definition(*text, collection);
    if (!index) return fail(ErrorCode::kInvalid, file.string() + ": " + index.error().message);
    *definition.add_indexes() = std::move(*index);
  }
  return {};
}

// Reads the indexes from a directory like META-INF/statedb/couchdb of a chaincode package, which
// contains indexes/ and collections/<name>/indexes/.
Result<void> add_indexes(const fs::path& directory, ccbus::ChaincodeDefinition& definition) {
  if (!fs::is_directory(directory)) {
    return fail(ErrorCode::kIo, directory.string() + " is not a directory");
  }
  bool found = false;
  if (fs::is_directory(directory / "indexes")) {
    found = true;
    if (auto added = add_indexes_of(directory / "indexes", "", definition); !added) return added;
  }
  for (const ccbus::CollectionConfig& collection : definition.collections()) {
    const fs::path indexes = directory / "collections" / collection.name() / "indexes";
    if (!fs::is_directory(indexes)) continue;
    found = true;
    if (auto added = add_indexes_of(indexes, collection.name(), definition); !added) return added;
  }
  if (found) return {};
  return fail(ErrorCode::kInvalid, directory.string() +
                                       " has neither indexes/ nor collections/<name>/indexes/ of "
                                       "a collection that is defined");
}

Result<ccbus::DefineRequest> request_of(const DefineOptions& options) {
  ccbus::DefineRequest request;
  request.set_channel_id(options.channel);
  ccbus::ChaincodeDefinition& definition = *request.mutable_definition();
  definition.set_name(options.name);
  definition.set_version(options.version);
  definition.set_init_required(options.init_required);
  if (auto added = add_collections(options, definition); !added) return unexpected(added.error());
  if (options.indexes.empty()) return request;
  if (auto added = add_indexes(options.indexes, definition); !added) {
    return unexpected(added.error());
  }
  return request;
}

ExitCode define(const DefineOptions& options) {
  const auto request = request_of(options);
  if (!request) {
    std::cerr << request.error().message << "\n";
    return kUsage;
  }
  client::Client client(options.connection.client_options());
  const auto start = std::chrono::steady_clock::now();
  const client::Reply reply = client.define(*request, options.connection.timeout);
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  const ExitCode code = exit_code_of(reply);
  if (options.json) {
    std::cout << invocation_json(reply, elapsed) << "\n";
  } else if (code != kSuccess) {
    std::cerr << failure_text(reply) << "\n";
  } else if (reply.response.submit().result().message() == "unchanged") {
    std::cout << "unchanged: " << options.name << " is defined like this already\n";
  } else {
    std::cout << "defined " << options.name << " " << options.version << " on " << options.channel
              << ": " << request->definition().collections_size() << " collections, "
              << request->definition().indexes_size() << " indexes, block "
              << reply.response.submit().block_number() << "\n";
  }
  return code;
}

}  // namespace

void add_chaincode_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& group = *app.add_subcommand("chaincode", "The definitions of chaincodes on a channel");
  group.require_subcommand(1);
  group.footer(
      std::string(
          "\nExample:\n  ccbus chaincode define -C mychannel -n basic --init-required\n\n") +
      kExitCodesHelp);
  const auto options = std::make_shared<DefineOptions>();
  CLI::App& command = *group.add_subcommand(
      "define",
      "Define a chaincode on a channel, or change its definition; without one it can "
      "run, but has no private data and no indexes");
  command.add_option("-C,--channelID", options->channel, "The channel")->required();
  command.add_option("-n,--name", options->name, "The chaincode's name")->required();
  command.add_option("-v,--version", options->version, "Its version")->capture_default_str();
  command.add_option("--collections-config", options->collections_config,
                     "Its collections: Fabric's collections_config.json");
  command.add_option("--indexes", options->indexes,
                     "Its indexes: a directory like META-INF/statedb/couchdb");
  command.add_flag("--init-required", options->init_required,
                   "Its first transaction must be an init");
  command.add_flag("--json", options->json, "Print one JSON object, as ccbus invoke does");
  options->connection.add_to(command);
  command.footer(std::string("\nExample:\n  ccbus chaincode define -C mychannel -n basic "
                             "--collections-config collections_config.json --init-required\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = define(*options); });
}

}  // namespace ccbus::cli
