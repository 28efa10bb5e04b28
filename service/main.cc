// ccbusd: builds every object and joins them.
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "service/assembly/channel_set.h"
#include "service/assembly/configuration_reload.h"
#include "service/assembly/connection_report.h"
#include "service/assembly/descriptor_budget.h"
#include "service/assembly/development_organizations.h"
#include "service/assembly/key_gate.h"
#include "service/assembly/key_rotation.h"
#include "service/assembly/own_identities.h"
#include "service/assembly/process_memory.h"
#include "service/assembly/ready_report.h"
#include "service/assembly/service_options.h"
#include "service/assembly/signals.h"
#include "service/assembly/watched_service.h"
#include "service/assembly/wiring.h"
#include "service/assembly/workers.h"
#include "service/base/byte_budget.h"
#include "service/base/memory_dumps.h"
#include "service/base/printable.h"
#include "service/config/config.h"
#include "service/config/config_entries.h"
#include "service/config/config_options.h"
#include "service/operations/endpoint.h"
#include "service/operations/service_routes.h"
#include "service/security/signing/signing_identity.h"
#include "service/security/tokens/token_store.h"

namespace ccbus {
namespace {

constexpr mode_t kUmask = 077;

struct Arguments {
  ConfigSources sources;
  bool check_config = false;
  bool json = false;
};

constexpr std::size_t kSignedTogether = 8;  // Signatures: a tenth of a millisecond, or half of one.

// A verification or a snapshot, and a change of a channel.
constexpr std::size_t kUpkeepThreads = 2;

DescriptorBudget budget_descriptors(const Config& config) {
  const std::size_t channels = config.ledger_directory ? ChannelSet::at_start(config).size() : 0;
  auto budget = share_descriptors(raise_descriptor_limit(),
                                  {config.limits, !config.operations_address.empty(), channels});
  if (!budget) throw std::runtime_error(budget.error().message);
  return *budget;
}

// Returns null if no token is accepted.
std::unique_ptr<security::TokenStore> open_tokens(const Config& config) {
  if (config.operations_tokens.empty()) return nullptr;
  auto tokens = std::make_unique<security::TokenStore>(config.operations_tokens);
  if (auto read = tokens->reload(); !read) {
    throw std::runtime_error("operations.tokens: " + read.error().message);
  }
  return tokens;
}

operations::Endpoint::Options operations_options(const LoadedConfig& loaded,
                                                 const security::TokenStore* tokens,
                                                 std::size_t connections_max) {
  const Config& config = loaded.config;
  operations::Endpoint::Options options;
  options.address = config.operations_address;
  options.version = CCBUS_VERSION;
  options.commit = CCBUS_COMMIT;
  options.configuration = describe(loaded);
  options.hosts = config.operations_hosts;
  options.connections_max = connections_max;
  options.access.tokens = tokens;
  if (config.operations_tls) {
    options.tls = operations::HttpTlsFiles{
        config.operations_certificate,
        config.operations_key,
        {config.operations_client_roots.begin(), config.operations_client_roots.end()}};
    options.access.has_client_roots = !config.operations_client_roots.empty();
    options.access.is_certificate_required = config.operations_client_auth;
  }
  return options;
}

// Handshakes with keys take a processor for a tenth of a millisecond each: with two threads a crowd
// of strangers leaves one for those who are connected, and libzmq spreads connections over them.
int io_threads(const Config& config) {
  return config.server_key.empty() ? 1 : 2;
}

// What a verification that was cut short has left; none can run while the ledgers are ours.
void clear_scratch(const Config& config) {
  std::error_code ignored;  // The next verification names it.
  if (const auto scratch = scratch_directory(config)) {
    std::filesystem::remove_all(*scratch, ignored);
  }
}

// Everything, from the sockets to the last goodbye. Returns the exit code.
int serve(const LoadedConfig& loaded, const Arguments& arguments) {
  const Config& config = loaded.config;
  gateway::ServiceInfo info;
  info.started = std::chrono::steady_clock::now();
  info.version = CCBUS_VERSION;
  info.durability = config.ledger_directory ? "synced" : "memory";

  forbid_memory_dumps();

  // What a ledger holds is for its owner; RocksDB makes most of its files by itself.
  const mode_t umask_of_caller = umask(kUmask);
  const sigset_t signals = block_signals();  // Before the first thread: the logger's.
  auto made = make_logger(config.log_level);
  if (!made) throw std::runtime_error(made.error().message);
  Logger& logger = **made;
  Counters counters;
  const DescriptorBudget descriptors = budget_descriptors(config);
  bus::SharedConnections connections{descriptors.of_both.peers_max,
                                     descriptors.of_both.connections_max};

  const auto listeners = wanted_listeners(config);
  if (!listeners) throw std::runtime_error(listeners.error().message);

  ByteBudget simulations(config.limits.transactions_bytes_max);
  zmq::context_t context(io_threads(config));
  bus::NextStatePipe<BusEvent> pipe(context, "next-state", config.limits.next_state_pipe_max);
  KeyGate gate(config, context, pipe, logger, counters);
  const auto tokens = open_tokens(config);
  std::function<void(Now, const WantedListeners&)> listen;  // Bus thread.
  const SignalThread signal_thread(
      signals, pipe,
      {[&] {
         reload_configuration(
             config, arguments.sources, logger, gate, tokens.get(),
             [&listen](Now now, const WantedListeners& wanted) { listen(now, wanted); });
       },
       [&] {
         logger.write_summaries();
         give_memory_back();
         gate.look_every_second();
       }});
  ChannelSet channel_set(config, descriptors.databases, pipe, logger, counters);
  clear_scratch(config);
  const security::SigningIdentity identity = open_identity(config);
  using Signatures = gateway::ProposalBuilder::Signatures;
  const gateway::ProposalBuilder proposals(
      identity, gateway::random_bytes,
      config.sign_proposals ? Signatures::kMade : Signatures::kEmpty);

  gateway::ServiceIdentities identities(identity);
  DevelopmentOrganizations organizations(organizations_directory(config));
  play_organizations(config, organizations, identities);

  Workers workers({"worker", config.limits.workers, config.limits.background_jobs_max}, pipe,
                  counters);
  // Room for a proposal of every open transaction and of as many that have just expired.
  Workers signers(
      {"signer", config.limits.workers, 2 * config.limits.requests_open_max, kSignedTogether}, pipe,
      counters);
  Workers upkeep({"upkeep", kUpkeepThreads, kUpkeepThreads}, pipe, counters);
  Workers decoder({"decoder", 1, descriptors.of_both.connections_max}, pipe,
                  counters);  // A frame of each.
  gateway::Channels channels = channel_set.channels();
  gateway::LatestSimulators simulators(channels, config.limits.view_cache_bytes_max,
                                       {config.limits.transaction_bytes_max, &simulations});
  ChaincodeSide chaincodes(engine_options(config), {gate.chaincodes(), gate.clients()}, simulators,
                           {workers, signers}, logger, counters);
  auto chaincode_options = chaincode_endpoint_options(config, {descriptors, connections});
  chaincode_options.secret_key = listeners->chaincodes.front().secret_key;
  LargeFrames chaincode_frames(large_frames_options(chaincode_options), decoder, chaincodes,
                               logger);
  ClientSide clients(gate.clients());
  auto client_options = client_endpoint_options(config, {descriptors, connections});
  client_options.secret_key = listeners->clients.front().secret_key;
  LargeFrames client_frames(large_frames_options(client_options), decoder, clients, logger);

  umask(umask_of_caller);  // For the sockets of ipc:// addresses, which others connect to.
  bus::RouterEndpoint chaincode_endpoint(context, chaincode_options, chaincode_frames, logger,
                                         counters);
  chaincode_frames.attach(chaincode_endpoint);
  bus::RouterEndpoint client_endpoint(context, client_options, client_frames, logger, counters);
  client_frames.attach(client_endpoint);
  umask(kUmask);
  info.chaincode_endpoint = chaincode_endpoint.address();
  info.client_endpoint = client_endpoint.address();
  info.key_of_chaincode = [&gate](PeerId peer) { return gate.chaincodes().of(peer).name; };
  info.listeners = [&] {
    auto statuses = report_listeners(chaincode_endpoint);
    for (auto& status : report_listeners(client_endpoint)) statuses.push_back(std::move(status));
    return statuses;
  };
  ListenerKeeper chaincode_keeper(chaincode_endpoint, listeners->chaincodes.front(), logger);
  ListenerKeeper client_keeper(client_endpoint, listeners->clients.front(), logger);
  std::function<void()> tell_addresses;  // Once there is who has to know them.
  listen = [&](Now now, const WantedListeners& wanted) {
    chaincode_keeper.keep(now, wanted.chaincodes);
    client_keeper.keep(now, wanted.clients);
    info.chaincode_endpoint = listening_address(chaincode_endpoint);
    info.client_endpoint = listening_address(client_endpoint);
    if (tell_addresses) tell_addresses();
  };
  listen(Now::read(), *listeners);
  gate.on_changed([&](Now now) {
    chaincodes.on_keys_changed(now);
    clients.on_keys_changed(now);
  });
  gateway::Gateway gateway(
      gateway_options(config, info),
      {chaincodes.support(), channels, simulators, channel_set, workers, upkeep, signers, proposals,
       identities, organizations, gate.clients(), gate.directory(), clients, logger, counters});
  chaincodes.attach(chaincode_endpoint, info.client_endpoint);
  clients.attach(client_endpoint, gateway, info.chaincode_endpoint);
  tell_addresses = [&] {
    gateway.on_listening(info.chaincode_endpoint, info.client_endpoint);
    chaincodes.tell(info.client_endpoint);
    clients.tell(info.chaincode_endpoint);
  };

  if (config.insecure) {
    logger.warn("security.insecure keys={} operations={}",
                config.server_key.empty() ? "not asked for, on any address" : "asked for",
                tokens || config.operations_tls ? "as configured" : "for everyone who can connect");
  }

  WatchedService watched({config,
                          pipe,
                          channel_set,
                          {counters, chaincodes.support().metrics(),
                           chaincodes.support().next_state_metrics(), gateway.endorser_metrics()},
                          {&chaincode_endpoint, &client_endpoint},
                          logger},
                         {[&](Now now) {
                            return gateway::service_status(now, info, chaincodes.support(),
                                                           channels, counters);
                          },
                          [&](Now now, operations::Page page) {
                            return report_connections(now, page, chaincodes.support(),
                                                      {chaincode_endpoint, gate.chaincodes()},
                                                      {client_endpoint, gate.clients()});
                          }});
  std::optional<operations::Endpoint> operations;
  if (!config.operations_address.empty()) {
    operations.emplace(operations_options(loaded, tokens.get(), descriptors.http_connections_max),
                       watched, logger, operations::service_routes(watched));
  }
  report_ready(config, info, operations ? operations->url() : "", channels, descriptors,
               arguments.json);

  tell_systemd("READY=1");

  Dispatcher dispatcher(chaincodes.support(), gateway, logger,
                        {config.shutdown_grace, [&](const StopRequested& stop) {
                           logger.info("service.stopping reason={:?} requests={} grace_ms={}",
                                       stop.reason, gateway.requests_open(),
                                       config.shutdown_grace.count());
                           watched.stopping();
                           tell_systemd("STOPPING=1");
                         }});
  bus::EventLoop<BusEvent>(chaincode_endpoint, client_endpoint, pipe, dispatcher).run();

  logger.info("service.drained reason={:?} requests={}", dispatcher.stop()->reason,
              gateway.requests_open());
  chaincodes.support().shutdown(Now::read());
  static_cast<void>(decoder.stop());
  for (Workers* threads : {&workers, &signers, &upkeep}) {
    for (const auto& job : threads->stop())
      job->drop({ErrorCode::kUnavailable, gateway::kShuttingDown});
  }
  channel_set.stop();
  operations.reset();
  while (auto event = pipe.receive()) dispatcher.on_event(Now::read(), std::move(event));
  gateway.shutdown();
  chaincode_endpoint.flush(Now::read());
  client_endpoint.flush(Now::read());
  logger.info("service.stopped");
  return dispatcher.stop()->exit_code;
}

int run(const Arguments& arguments) {
  const auto loaded = load_config(arguments.sources);
  if (!loaded) throw std::invalid_argument(loaded.error().message);
  if (!arguments.check_config) return serve(*loaded, arguments);
  for (const ConfigKey& key : config_keys()) {
    std::printf("%.*s: %s\n", static_cast<int>(key.path.size()), key.path.data(),
                key.show(loaded->config).c_str());
  }
  return 0;
}

}  // namespace
}  // namespace ccbus

int main(int argc, char** argv) {
  CLI::App app("ccbusd runs Hyperledger Fabric chaincode over ZeroMQ, with its own ledger.",
               "ccbusd");
  app.footer(
      "Example:\n"
      "  ccbusd --set ledger.directory=/var/lib/ccbus --set chaincode.executetimeout=10s\n\n"
      "Every key of the configuration can also be set in the environment:\n"
      "  CCBUS_CHAINCODE_EXECUTETIMEOUT=10s ccbusd\n\n"
      "Exit codes: 0 stopped as asked, 1 cannot start or go on, 2 wrong usage or configuration.");
  ccbus::Arguments arguments;
  ccbus::add_config_options(app, arguments.sources);
  app.add_flag("--check-config", arguments.check_config, "Print the effective values and exit");
  app.add_flag("--json", arguments.json, "Say that it is ready as one JSON object");
  app.set_version_flag("--version", std::string("ccbusd ") + CCBUS_VERSION);
  std::vector<std::string> words = ccbus::separate_settings({argv + 1, argv + argc});
  std::reverse(words.begin(), words.end());  // As CLI11 takes them.
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return ccbus::run(arguments);
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "ccbusd: %s\n", ccbus::printable(error.what()).c_str());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ccbusd: %s\n", ccbus::printable(error.what()).c_str());
    return 1;
  }
}
