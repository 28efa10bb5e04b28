#include "service/cli/commands/dev_command.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "service/base/memory_dumps.h"
#include "service/cli/commands/dev_up_command.h"
#include "service/security/dev/crypto_tree.h"

namespace ccbus::cli {
namespace {

struct CryptoOptions {
  security::CryptoTreeOptions tree{.directory = {}, .names = {"Org1", "Org2"}, .more_hosts = {}};
  bool json = false;
};

nlohmann::json to_json(const std::vector<security::WrittenOrganization>& written) {
  nlohmann::json organizations = nlohmann::json::array();
  for (const auto& [organization, directory] : written) {
    organizations.push_back({{"msp_id", organization.msp_id},
                             {"domain", organization.domain},
                             {"directory", directory.string()},
                             {"peers", {organization.peer}},
                             {"users", organization.users}});
  }
  return {{"organizations", std::move(organizations)}};
}

void print(const std::vector<security::WrittenOrganization>& written) {
  for (const auto& [organization, directory] : written) {
    std::cout << organization.msp_id << ": " << directory.string() << "\n";
  }
  const auto& [organization, directory] = written.front();
  std::cout << "\nAn application of fabric-samples finds them with\n  export CRYPTO_PATH="
            << directory.string() << " MSP_ID=" << organization.msp_id << "\n";
}

ExitCode write(const CryptoOptions& options) {
  forbid_memory_dumps();
  security::CryptoTreeOptions tree = options.tree;
  // What is printed then fits every working directory.
  tree.directory = std::filesystem::absolute(tree.directory).lexically_normal();
  const auto written = security::write_crypto_tree(tree);
  if (!written) {
    std::cerr << written.error().message << "\n";
    return written.error().code == ErrorCode::kInvalid ? kUsage : kRefused;
  }
  if (options.json) {
    std::cout << to_json(*written) << "\n";
  } else {
    print(*written);
  }
  return kSuccess;
}

void add_crypto(CLI::App& dev, ExitCode& exit_code) {
  const auto options = std::make_shared<CryptoOptions>();
  CLI::App& command = *dev.add_subcommand(
      "crypto",
      "Make certificate authorities, peers, users and admins of organisations, in the tree of "
      "Fabric's cryptogen");
  command.add_option("--out", options->tree.directory, "Gets organizations/peerOrganizations/")
      ->required();
  command
      .add_option("--orgs", options->tree.names,
                  "Names of organisations: of Org1 the MSP id is Org1MSP, its domain "
                  "org1.example.com")
      ->delimiter(',')
      ->capture_default_str();
  command
      .add_option("--hosts", options->tree.more_hosts,
                  "More host names and addresses for the TLS certificates of the peers")
      ->delimiter(',');
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer(
      "\nExample:\n"
      "  ccbus dev crypto --out . --orgs Org1,Org2\n\n"
      "Keys and certificates are for development; files are readable by their owner only. An\n"
      "organisation that stands there already is not overwritten.\n\n"
      "Exit codes: 0 success, 1 it stands there already or cannot be written, 2 wrong usage.");
  command.callback([options, &exit_code] { exit_code = write(*options); });
}

}  // namespace

void add_dev_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& dev = *app.add_subcommand("dev", "What a developer needs");
  dev.require_subcommand(1);
  add_crypto(dev, exit_code);
  add_dev_up_command(dev, exit_code);
}

}  // namespace ccbus::cli
