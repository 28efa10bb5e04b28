#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/limits.h"
#include "service/base/result.h"
#include "service/base/state_database.h"
#include "service/config/key_sources.h"

namespace ccbus {

// The effective configuration. Keys follow Fabric's core.yaml where Fabric has the same thing;
// config_keys.cc lists them all, deploy/ccbus.yaml explains them.
struct Config {
  std::string chaincode_address = "tcp://127.0.0.1:7052";  // peer.chaincodeListenAddress
  std::string client_address = "tcp://127.0.0.1:7051";     // peer.listenAddress
  std::string msp_id = "DevMSP";                           // peer.localMspId
  bool sign_proposals = true;                              // peer.signProposals
  // Folders of local MSPs, by MSP id: identities with which the service endorses.
  std::map<std::string, std::string> endorsing_identities;  // peer.identities

  std::chrono::milliseconds gateway_wait{300'000};       // peer.gateway.waitTimeout
  std::chrono::milliseconds prepared_lifetime{300'000};  // peer.gateway.preparedLifetime

  std::chrono::milliseconds keepalive{60'000};        // chaincode.keepalive; 0: never
  std::chrono::milliseconds execute_timeout{30'000};  // chaincode.executetimeout
  bool reject_duplicates = false;                     // chaincode.duplicates
  bool autodefine = true;                             // chaincode.autodefine
  bool use_write_batch = true;                        // chaincode.runtimeParams.useWriteBatch
  bool use_get_multiple_keys = true;                  // chaincode.runtimeParams.useGetMultipleKeys

  // nullopt: the ledger is in memory.
  std::optional<std::filesystem::path> ledger_directory = "ccbus-data";  // ledger.directory
  std::vector<std::string> channels = {"mychannel"};                     // ledger.channels
  StateDatabase state_database = StateDatabase::kEmbedded;  // ledger.state.stateDatabase
  bool history = true;                                      // ledger.history.enableHistoryDatabase

  bool is_ordered_by_kafka = false;              // ordering.type
  std::string replica;                           // ordering.replica; empty: chosen at first start
  std::string kafka_brokers = "localhost:9092";  // ordering.kafka.brokers
  std::string kafka_properties;                  // ordering.kafka.properties; empty: none
  bool kafka_allow_unsafe = false;               // ordering.kafka.allowUnsafe

  std::string operations_address = "127.0.0.1:9443";  // operations.listenAddress; "": not served
  std::vector<std::string> operations_hosts;          // operations.hosts
  bool operations_tls = false;                        // operations.tls.enabled
  std::string operations_certificate;                 // operations.tls.cert.file
  std::string operations_key;                         // operations.tls.key.file
  bool operations_client_auth = false;                // operations.tls.clientAuthRequired
  std::vector<std::string> operations_client_roots;   // operations.tls.clientRootCAs.files
  std::string operations_tokens;                      // operations.tokens; empty: none

  std::chrono::milliseconds shutdown_grace{5'000};  // shutdown.grace

  // The service's own certificate; empty: nobody is asked for a key.
  std::string server_key;                     // security.serverKey
  std::string keys_directory = "ccbus-keys";  // security.keys
  // While the service's key is replaced: the next one, and where the service has it.
  std::string next_server_key;         // security.rotation.serverKey
  std::string next_chaincode_address;  // security.rotation.chaincodeListenAddress
  std::string next_client_address;     // security.rotation.listenAddress
  bool insecure = false;               // security.insecure
  std::string log_level = "info";      // logging.level
  Limits limits;
};

using ConfigKey = KeyOf<Config>;

inline constexpr std::string_view kEnvironmentPrefix = "CCBUS_";

[[nodiscard]] std::span<const ConfigKey> config_keys();

inline constexpr std::string_view kLogLevelKey = "logging.level";

// Whether a change of this key takes effect while the service runs, at SIGHUP.
[[nodiscard]] bool can_change(std::string_view path);

struct LoadedConfig {
  Config config;

  // The source of each value that was set, by the key's path: "ccbus.yaml:3", "environment variable
  // CCBUS_LOGGING_LEVEL", "--set". Keys that are not in this map have their defaults.
  std::map<std::string_view, std::string> origins;
};

// Applies the defaults, then the file, then the environment, then the settings, and checks the
// result.
//
// Blocks: while it reads the file.
// Errors: kInvalid, with the place (file and line, variable, --set), the value and what is allowed;
//         for an unknown key, the nearest known one. kIo if the file cannot be read.
[[nodiscard]] Result<LoadedConfig> load_config(const ConfigSources& sources);

}  // namespace ccbus
