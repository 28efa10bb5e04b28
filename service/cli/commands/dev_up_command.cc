#include "service/cli/commands/dev_up_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/memory_dumps.h"
#include "service/base/printable.h"
#include "service/cli/commands/channel_config_options.h"
#include "service/cli/commands/operations_client.h"
#include "service/cli/dev/dev_network.h"
#include "service/cli/dev/program_search.h"
#include "service/cli/dev/running_programs.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr const char* kDevelopment = "DevMSP";
constexpr auto kStartPatience = 60s;
constexpr auto kStopPatience = 45s;  // Above the programs' own shutdown.grace.
constexpr std::uint16_t kPortOffsetMax = 50'000;

struct DevUpOptions {
  DevNetwork network{.directory = "ccbus-dev"};
  bool has_no_bridge = false;
  bool has_no_tls = false;
  bool has_free_ports = false;
  bool json = false;
};

void pass_on(const std::string& program, const std::string& line) {
  std::cerr << "[" << program << "] " << printable(line) << "\n";
}

// What ends the command. Empty: it was asked to stop.
using Reason = std::string;

// Runs the programs, from the first one's start to the last one's end.
class DevUp {
 public:
  explicit DevUp(const DevUpOptions& options) : options_(options), network_(options.network) {}

  ExitCode run() {
    const Reason reason = start_and_wait();
    const bool was_asked = reason.empty();
    if (!was_asked) std::cerr << "ccbus dev up: " << reason << "\n";
    const bool has_stopped = programs_.stop(kStopPatience);
    return was_asked && has_stopped ? kSuccess : kRefused;
  }

 private:
  Reason start_and_wait() {
    if (auto reason = prepare(); !reason.empty()) return reason;
    if (auto reason = start_service(); !reason.empty()) return reason;
    if (bridge_program_ && !programs_.is_asked_to_stop()) {
      if (auto reason = start_bridge(); !reason.empty()) return reason;
    }
    if (programs_.is_asked_to_stop()) return {};
    if (auto reason = configure_channel(); !reason.empty()) return reason;
    if (auto reason = await_health(); !reason.empty()) return reason;
    if (programs_.is_asked_to_stop()) return {};
    if (auto reason = write_exports(); !reason.empty()) return reason;
    report();
    return watch();
  }

  // Finds the programs, and makes what they need.
  Reason prepare() {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    const char* const variable = std::getenv("PATH");
    const std::string path = variable == nullptr ? "" : variable;
    auto service = find_program("ccbusd", self, path);
    if (!service) return service.error().message;
    service_program_ = std::move(*service);
    if (!options_.has_no_bridge) {
      auto bridge = find_program("ccbus-bridge", self, path);
      if (!bridge) {
        return bridge.error().message +
               ": build it (docs/bridge.md), or give --no-bridge for chaincode and applications "
               "that speak ZeroMQ";
      }
      bridge_program_ = std::move(*bridge);
    }
    auto organizations = dev_organizations(network_);
    if (!organizations) return organizations.error().message;
    organizations_ = std::move(*organizations);
    return {};
  }

  Reason start_service() {
    const auto ready = programs_.start(
        "ccbusd", service_command(network_, service_program_, organizations_), kStartPatience);
    if (!ready) return ready.error().message;
    addresses_.service_clients = text_at(*ready, "client_endpoint", "");
    addresses_.service_chaincode = text_at(*ready, "chaincode_endpoint", "");
    addresses_.service_operations = text_at(*ready, "operations_endpoint", "");
    return {};
  }

  Reason start_bridge() {
    const auto ready = programs_.start(
        "ccbus-bridge", bridge_command(network_, *bridge_program_, organizations_, addresses_),
        kStartPatience);
    if (!ready) return ready.error().message;
    addresses_.bridge_applications = text_at(*ready, "clients", "");
    addresses_.bridge_chaincode = text_at(*ready, "chaincode", "");
    addresses_.bridge_operations = text_at(*ready, "operations", "");
    return {};
  }

  // As `ccbus channel config init` does, unless an earlier run has done it.
  Reason configure_channel() {
    ChannelConfigOptions options;
    options.channel = network_.channel;
    options.connection.address = addresses_.service_clients;
    client::Client client(options.connection.client_options());
    const client::Reply present = ask_channel_config(client, options);
    if (present.error.ok() && present.response.ledger().config().organizations_size() > 0)
      return {};
    ClientRequest request;
    request.mutable_channel()->set_channel_id(options.channel);
    ConfigureChannel& wanted = *request.mutable_channel()->mutable_configure();
    // The service has a client of it: without an identity, `ccbus` may define chaincode, and
    // invoke.
    wanted.add_development_organizations(kDevelopment);
    for (const auto& [organization, directory] : organizations_) {
      *wanted.add_organizations() =
          read_organization(organization.msp_id + ":" + (directory / "msp").string());
    }
    const client::Reply reply = client.call(std::move(request), options.connection.timeout);
    if (exit_code_of(reply) == kSuccess) return {};
    return "the channel " + options.channel + " has no configuration: " + failure_text(reply);
  }

  Reason await_health() {
    OperationsOptions operations;
    operations.address =
        bridge_program_ ? addresses_.bridge_operations : addresses_.service_operations;
    const auto deadline = std::chrono::steady_clock::now() + kStartPatience;
    while (!programs_.is_asked_to_stop()) {
      const auto answer = ask_operations(operations, {"/healthz"});
      if (answer && answer->status == 200) return {};
      if (auto ended = programs_.describe_ended(); !ended.empty()) return ended;
      if (std::chrono::steady_clock::now() > deadline) {
        return operations.address +
               "/healthz is not well: " + (answer ? answer->body : answer.error().message);
      }
      programs_.turn(std::chrono::steady_clock::now() + 100ms);
    }
    return {};
  }

  // Waits until it is asked to stop, or a program ends.
  Reason watch() {
    while (!programs_.is_asked_to_stop()) {
      if (auto ended = programs_.describe_ended(); !ended.empty()) return ended;
      programs_.turn(std::chrono::steady_clock::now() + 1h);
    }
    return {};
  }

  std::map<std::string, Variables> exports() const {
    std::map<std::string, Variables> all{
        {"chaincode", chaincode_variables(organizations_, addresses_)}};
    for (const auto& one : organizations_) {
      all[one.organization.msp_id] = member_variables(network_, organizations_, one, addresses_);
    }
    return all;
  }

  std::filesystem::path export_file(const std::string& name) const {
    return network_.directory / (name + ".env");
  }

  Reason write_exports() const {
    for (const auto& [name, variables] : exports()) {
      std::ofstream file(export_file(name));
      file << shell_exports(variables) << std::flush;
      if (!file) return "cannot write " + export_file(name).string();
    }
    return {};
  }

  void report() const {
    if (options_.json) {
      std::cout << report_json() << std::endl;
      return;
    }
    const auto all = exports();
    const std::string& member = organizations_.front().organization.msp_id;
    std::cout << "\n# " << member
              << "'s variables, for `ccbus`, for `peer` and for fabric-samples:\n"
              << shell_exports(all.at(member)) << "# A chaincode's that connects as to a peer:\n"
              << shell_exports(all.at("chaincode"))
              << "# They stand in files too; in another terminal:\n"
              << "source " << export_file("chaincode").string()
              << " && CORE_CHAINCODE_ID_NAME=basic ./my-chaincode -peer.address "
              << all.at("chaincode").at("CORE_PEER_ADDRESS") << "\n"
              << "source " << export_file(member).string() << " && ccbus status\n\n"
              << "ready: " << network_.channel << " has";
    for (const auto& one : organizations_) std::cout << " " << one.organization.msp_id;
    std::cout << "; Ctrl-C ends it" << std::endl;
  }

  json report_json() const {
    json shown{{"event", "ready"},
               {"directory", network_.directory.string()},
               {"channel", network_.channel},
               {"service",
                {{"clients", addresses_.service_clients},
                 {"chaincode", addresses_.service_chaincode},
                 {"operations", addresses_.service_operations},
                 {"pid", programs_.pid(0)}}},
               {"bridge", nullptr},
               {"variables", exports()}};
    if (!bridge_program_) return shown;
    shown["bridge"] = {{"applications", addresses_.bridge_applications},
                       {"chaincode", addresses_.bridge_chaincode},
                       {"operations", addresses_.bridge_operations},
                       {"pid", programs_.pid(1)}};
    return shown;
  }

  const DevUpOptions& options_;
  const DevNetwork& network_;
  std::filesystem::path service_program_;
  std::optional<std::filesystem::path> bridge_program_;  // Absent: not started.
  std::vector<security::WrittenOrganization> organizations_;
  DevAddresses addresses_;
  RunningPrograms programs_{pass_on};
};

ExitCode bring_up(DevUpOptions& options) {
  forbid_memory_dumps();
  DevNetwork& network = options.network;
  network.directory = std::filesystem::absolute(network.directory).lexically_normal();
  if (options.has_free_ports) network.ports = DevNetwork::Ports::kFree;
  if (options.has_no_tls) network.tls = DevNetwork::Tls::kOff;
  return DevUp(options).run();
}

}  // namespace

void add_dev_up_command(CLI::App& dev, ExitCode& exit_code) {
  const auto options = std::make_shared<DevUpOptions>();
  CLI::App& command = *dev.add_subcommand(
      "up",
      "Run ccbusd and ccbus-bridge as a Fabric network of two organisations with one channel, "
      "until Ctrl-C");
  command
      .add_option("--directory", options->network.directory,
                  "Has all that it writes: identities, ledger, variables; used again when it is "
                  "there")
      ->capture_default_str();
  command.add_option("-C,--channelID", options->network.channel, "The channel")
      ->capture_default_str();
  command.add_flag("--no-bridge", options->has_no_bridge,
                   "Only ccbusd, for chaincode and applications that speak ZeroMQ");
  command.add_flag("--no-tls", options->has_no_tls,
                   "Applications connect without TLS; those of fabric-samples want it");
  CLI::Option* const offset =
      command
          .add_option("--port-offset", options->network.port_offset,
                      "Is added to the ports 7051, 7052, 9443 of ccbusd and 7151, 7152, 9444 of "
                      "ccbus-bridge")
          ->check(CLI::Range(std::uint16_t{0}, kPortOffsetMax));
  command.add_flag("--free-ports", options->has_free_ports, "The system chooses the ports")
      ->excludes(offset);
  command.add_flag(
      "--json", options->json,
      "Print, when all is ready, one JSON object with the addresses and the variables");
  command.footer(
      "\nExample:\n"
      "  ccbus dev up\n"
      "and in another terminal\n"
      "  source ccbus-dev/chaincode.env && CORE_CHAINCODE_ID_NAME=basic ./my-chaincode\n"
      "  source ccbus-dev/Org1MSP.env && node src/app.js\n\n"
      "The programs are looked for beside ccbus, then on the PATH; what they say goes to "
      "stderr.\n\n"
      "Exit codes: 0 stopped as asked, 1 a program cannot start or has ended, 2 wrong usage.");
  command.callback([options, &exit_code] { exit_code = bring_up(*options); });
}

}  // namespace ccbus::cli
