// ccbus-bridge: Fabric's gRPC services in front of ccbusd.
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "service/base/memory_dumps.h"
#include "service/base/printable.h"
#include "service/bridge/bridge.h"
#include "service/bridge/settings/settings.h"
#include "service/bridge/watched_bridge.h"
#include "service/config/config_entries.h"
#include "service/config/config_options.h"
#include "service/operations/endpoint.h"
#include "service/security/tokens/token_store.h"

namespace ccbus::bridge {
namespace {

struct Arguments {
  ConfigSources sources;
  bool check_config = false;
  bool json = false;
};

// Blocks the signals that end the bridge in all threads, and returns a descriptor that is readable
// when one of them has come.
int take_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const int descriptor = signalfd(-1, &signals, SFD_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  return descriptor;
}

operations::Endpoint::Options operations_options(const LoadedSettings& loaded,
                                                 const security::TokenStore* tokens) {
  operations::Endpoint::Options options;
  options.address = loaded.settings.operations_address;
  options.version = CCBUS_VERSION;
  options.commit = CCBUS_COMMIT;
  options.configuration =
      describe(setting_keys(), loaded.settings, loaded.origins, kSettingsPrefix);
  options.body_bytes_max = kChaincodeServiceBytesMax;
  options.access.tokens = tokens;
  return options;
}

// Returns null if no token is accepted.
std::unique_ptr<security::TokenStore> open_tokens(const Settings& settings) {
  if (settings.operations_tokens.empty()) return nullptr;
  auto tokens = std::make_unique<security::TokenStore>(settings.operations_tokens);
  if (auto read = tokens->reload(); !read) {
    throw std::runtime_error("operations.tokens: " + read.error().message);
  }
  return tokens;
}

// Raises the limit of descriptors as far as this process may itself, and lowers the limit of
// connections to what it has room for. Throws std::runtime_error if that is nothing.
void budget_descriptors(Settings& settings) {
  // A DEALER has two, and a gRPC connection as well, of each of the two listeners; the rest is for
  // the listeners and the operations endpoint.
  constexpr std::size_t kEach = 6;
  constexpr std::size_t kRest = 512;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur <= kRest + kEach) {
    throw std::runtime_error("only " + std::to_string(limit.rlim_cur) +
                             " descriptors are allowed (ulimit -n); at least " +
                             std::to_string(kRest + 2 * kEach) + " are needed");
  }
  settings.connections_max =
      std::min<std::size_t>(settings.connections_max, (limit.rlim_cur - kRest) / kEach);
}

void report_ready(const Bridge& bridge, const Settings& settings, const std::string& operations,
                  bool json) {
  if (json) {
    const nlohmann::json ready = {{"event", "ready"},
                                  {"version", CCBUS_VERSION},
                                  {"pid", getpid()},
                                  {"clients", bridge.clients_address()},
                                  {"chaincode", bridge.chaincode_address()},
                                  {"operations", operations},
                                  {"connections_max", settings.connections_max}};
    std::printf("%s\n", ready.dump().c_str());
  } else {
    std::printf("ccbus-bridge %s\n", CCBUS_VERSION);
    std::printf("  applications  %s (gateway.Gateway, protos.Deliver)%s\n",
                bridge.clients_address().c_str(), settings.tls ? ", TLS" : "");
    std::printf("  chaincode     %s (protos.ChaincodeSupport)%s\n",
                bridge.chaincode_address().c_str(), settings.chaincode_tls ? ", TLS" : "");
    if (!operations.empty()) std::printf("  operations    %s\n", operations.c_str());
    std::printf("  service       %s, %s\n", settings.service_clients.c_str(),
                settings.service_chaincode.c_str());
    std::printf("  connections   up to %zu to the service\n", settings.connections_max);
    std::printf("ready\n");
  }
  std::fflush(stdout);
}

int run(const Arguments& arguments) {
  auto loaded = load_settings(arguments.sources);
  if (!loaded) throw std::invalid_argument(loaded.error().message);
  Settings& settings = loaded->settings;
  if (arguments.check_config) {
    for (const SettingKey& key : setting_keys()) {
      std::printf("%.*s: %s\n", static_cast<int>(key.path.size()), key.path.data(),
                  key.show(settings).c_str());
    }
    return 0;
  }
  forbid_memory_dumps();
  budget_descriptors(settings);
  const int signals = take_signals();  // Before the first thread: the logger's.
  auto logger = make_logger(settings.log_level);
  if (!logger) throw std::runtime_error(logger.error().message);
  Bridge bridge(settings, **logger);
  WatchedBridge watched(bridge, **logger);
  const auto tokens = open_tokens(settings);
  std::optional<operations::Endpoint> operations;
  if (!settings.operations_address.empty()) {
    operations.emplace(operations_options(*loaded, tokens.get()), watched, **logger,
                       watched.routes());
  }
  report_ready(bridge, settings, operations ? operations->url() : "", arguments.json);
  bridge.run(signals);
  close(signals);
  return 0;
}

}  // namespace
}  // namespace ccbus::bridge

int main(int argc, char** argv) {
  CLI::App app(
      "ccbus-bridge lets unmodified Hyperledger Fabric chaincode and applications use ccbusd: it "
      "speaks Fabric's gRPC with them, and ZeroMQ with the service.",
      "ccbus-bridge");
  app.footer(
      "Example, beside a ccbusd with its usual addresses:\n"
      "  ccbus-bridge\n"
      "  CORE_PEER_ADDRESS=127.0.0.1:7152 CORE_PEER_TLS_ENABLED=false \\\n"
      "    CORE_CHAINCODE_ID_NAME=basic:1.0 ./chaincode\n\n"
      "Every key can also be set in the environment:\n"
      "  CCBUS_BRIDGE_PEER_ADDRESS=tcp://ccbusd:7051 ccbus-bridge\n\n"
      "Exit codes: 0 stopped as asked, 1 cannot start or go on, 2 wrong usage or configuration.");
  ccbus::bridge::Arguments arguments;
  arguments.sources.environment = ccbus::environment_variables();
  app.add_option("-c,--config", arguments.sources.file,
                 "YAML file, otherwise the one that CCBUS_BRIDGE_CONFIG names; "
                 "deploy/ccbus-bridge.yaml shows all keys");
  ccbus::add_settings_option(app, arguments.sources.settings, "wins over file and environment");
  app.add_flag("--check-config", arguments.check_config, "Print the effective values and exit");
  app.add_flag("--json", arguments.json, "Say that it is ready as one JSON object");
  app.set_version_flag("--version", std::string("ccbus-bridge ") + CCBUS_VERSION);
  std::vector<std::string> words = ccbus::separate_settings({argv + 1, argv + argc});
  std::reverse(words.begin(), words.end());  // As CLI11 takes them.
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return ccbus::bridge::run(arguments);
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "ccbus-bridge: %s\n", ccbus::printable(error.what()).c_str());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ccbus-bridge: %s\n", ccbus::printable(error.what()).c_str());
    return 1;
  }
}
