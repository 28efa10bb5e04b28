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

#include "service/cli/commands/chaincode_service_command.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/definition_command.h"
#include "service/cli/json/collections_config.h"
#include "service/cli/json/index_definition.h"
#include "service/cli/reports/invocation_report.h"
#include "service/cli/terminal/outcome.h"
#include "service/ledger/policy/application_policy.h"

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
  std::string signature_policy;
  std::string channel_config_policy;
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

bool is_same_index(const ccbus::IndexConfig& a, const ccbus::IndexConfig& b) {
  return a.collection() == b.collection() && a.design_document() == b.design_document() &&
         a.name() == b.name();
}

// Of two indexes with one name the later one stays, as in CouchDB.
void add_index(ccbus::IndexConfig index, const fs::path& file,
               ccbus::ChaincodeDefinition& definition) {
  for (ccbus::IndexConfig& known : *definition.mutable_indexes()) {
    if (!is_same_index(known, index)) continue;
    std::cerr << "note: " << file.string() << ": the index " << index.design_document() << "/"
              << index.name() << " takes the place of one with the same name\n";
    known = std::move(index);
    return;
  }
  *definition.add_indexes() = std::move(index);
}

// The *.json of one directory, in the order of their names; none if it is not there.
std::vector<fs::path> index_files(const fs::path& directory) {
  std::vector<fs::path> files;
  if (!fs::is_directory(directory)) return files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.is_regular_file() && entry.path().extension() == ".json") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<void> add_indexes_of(const std::vector<fs::path>& files, const std::string& collection,
                            ccbus::ChaincodeDefinition& definition) {
  for (const fs::path& file : files) {
    const auto text = read_file(file);
    if (!text) return unexpected(text.error());
    auto index = parse_index_definition(*text, collection);
    if (!index) return fail(ErrorCode::kInvalid, file.string() + ": " + index.error().message);
    for (const std::string& note : index->notes) {
      std::cerr << "note: " << file.string() << ": " << note << "\n";
    }
    if (index->config) add_index(std::move(*index->config), file, definition);
  }
  return {};
}

// Fabric deploys no index of a collection that the definition does not have.
void note_undefined_collections(const fs::path& collections,
                                const ccbus::ChaincodeDefinition& definition) {
  if (!fs::is_directory(collections)) return;
  for (const auto& entry : fs::directory_iterator(collections)) {
    const std::string name = entry.path().filename().string();
    const auto& defined = definition.collections();
    const bool is_defined =
        std::any_of(defined.begin(), defined.end(),
                    [&name](const ccbus::CollectionConfig& one) { return one.name() == name; });
    if (is_defined || index_files(entry.path() / "indexes").empty()) continue;
    std::cerr << "note: " << entry.path().string()
              << ": its indexes are not read, because the collection is not defined\n";
  }
}

// Reads the indexes from a directory like META-INF/statedb/couchdb of a chaincode package, which
// contains indexes/ and collections/<name>/indexes/.
Result<void> add_indexes(const fs::path& directory, ccbus::ChaincodeDefinition& definition) {
  if (!fs::is_directory(directory)) {
    return fail(ErrorCode::kIo, directory.string() + " is not a directory");
  }
  const auto of_state = index_files(directory / "indexes");
  std::size_t found = of_state.size();
  if (auto added = add_indexes_of(of_state, "", definition); !added) return added;
  for (const ccbus::CollectionConfig& collection : definition.collections()) {
    const auto files = index_files(directory / "collections" / collection.name() / "indexes");
    found += files.size();
    if (auto added = add_indexes_of(files, collection.name(), definition); !added) return added;
  }
  note_undefined_collections(directory / "collections", definition);
  if (found > 0) return {};
  return fail(ErrorCode::kInvalid, directory.string() +
                                       " has no index: no file indexes/*.json, and no "
                                       "collections/<name>/indexes/*.json of a collection that is "
                                       "defined");
}

Result<ccbus::DefineRequest> request_of(const DefineOptions& options) {
  ccbus::DefineRequest request;
  request.set_channel_id(options.channel);
  ccbus::ChaincodeDefinition& definition = *request.mutable_definition();
  definition.set_name(options.name);
  definition.set_version(options.version);
  definition.set_init_required(options.init_required);
  const auto policy =
      ledger::make_application_policy(options.signature_policy, options.channel_config_policy);
  if (!policy) return unexpected(policy.error());
  definition.set_validation_parameter(policy->SerializeAsString());  // Of no policy: nothing.
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
    const std::string& note = reply.response.submit().result().message();
    if (!note.empty()) std::cerr << "note: " << note << "\n";
  }
  return code;
}

}  // namespace

void add_chaincode_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& group = *app.add_subcommand(
      "chaincode", "The definitions of chaincodes on a channel, and chaincodes as a service");
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
  command.add_option("--signature-policy", options->signature_policy,
                     "Who has to endorse: \"AND('Org1MSP.peer','Org2MSP.peer')\"; otherwise the "
                     "channel's policy");
  command.add_option("--channel-config-policy", options->channel_config_policy,
                     "Who has to endorse: a policy of the channel, "
                     "/Channel/Application/Endorsement");
  command.add_flag("--init-required", options->init_required,
                   "Its first transaction must be an init");
  command.add_flag("--json", options->json, "Print one JSON object, as ccbus invoke does");
  options->connection.add_to(command);
  command.footer(std::string("\nExample:\n  ccbus chaincode define -C mychannel -n basic "
                             "--collections-config collections_config.json --init-required\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = define(*options); });
  add_definition_commands(group, exit_code);
  add_chaincode_service_commands(group, exit_code);
}

}  // namespace ccbus::cli
