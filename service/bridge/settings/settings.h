#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/config/key_sources.h"

namespace ccbus::bridge {

// The effective configuration of ccbus-bridge; settings.cc lists the keys, deploy/ccbus-bridge.yaml
// explains them.
struct Settings {
  std::string clients_address = "127.0.0.1:7151";          // listenAddress
  std::string chaincode_address = "127.0.0.1:7152";        // chaincodeListenAddress
  std::string service_clients = "tcp://127.0.0.1:7051";    // peer.address
  std::string service_chaincode = "tcp://127.0.0.1:7052";  // peer.chaincodeAddress
  std::string directory = "ccbus-bridge-data";             // directory

  bool tls = false;                           // tls.enabled
  std::string tls_certificate;                // tls.cert.file
  std::string tls_key;                        // tls.key.file
  std::vector<std::string> tls_client_roots;  // tls.clientRootCAs.files
  bool tls_client_auth = false;               // tls.clientAuthRequired

  bool chaincode_tls = false;                // chaincodeTls.enabled
  std::vector<std::string> chaincode_roots;  // chaincodeTls.clientRootCAs.files

  std::string key;         // security.key
  std::string server_key;  // security.serverKey
  bool insecure = false;   // security.insecure

  std::string operations_address = "127.0.0.1:9444";  // operations.listenAddress
  std::string operations_tokens;                      // operations.tokens

  std::chrono::milliseconds connect_timeout{5'000};  // peer.connTimeout
  std::chrono::milliseconds shutdown_grace{5'000};   // shutdown.grace
  std::string log_level = "info";                    // logging.level

  std::size_t message_bytes_max = 100u << 20;    // limits.messageBytes
  std::size_t bytes_max = 1u << 30;              // limits.bytes
  std::size_t grpc_bytes_max = 512u << 20;       // limits.grpcBytes
  std::size_t calls_max = 10'000;                // limits.calls
  std::size_t calls_per_connection_max = 1'000;  // limits.callsPerConnection
  std::size_t connections_max = 10'000;          // limits.connections
};

using SettingKey = KeyOf<Settings>;

inline constexpr std::string_view kSettingsPrefix = "CCBUS_BRIDGE_";

[[nodiscard]] std::span<const SettingKey> setting_keys();

struct LoadedSettings {
  Settings settings;
  // The source of each value that was set, by the key's path.
  std::map<std::string_view, std::string> origins;
};

// Applies the defaults, then the file, then the environment, then the settings, and checks the
// result.
//
// Blocks: while it reads the file. Errors: as apply_sources(); kInvalid also for addresses that
// other machines can reach without TLS, unless security.insecure is set.
[[nodiscard]] Result<LoadedSettings> load_settings(const ConfigSources& sources);

}  // namespace ccbus::bridge
