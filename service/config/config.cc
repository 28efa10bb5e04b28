#include "service/config/config.h"

#include <array>

#include "service/base/check_limits.h"
#include "service/base/endpoint_address.h"

namespace ccbus {
namespace {

// Variables that begin with CCBUS_ and are not keys: those of the command line tool, and of
// ccbus-bridge.
constexpr std::array<std::string_view, 8> kOtherVariables = {"CCBUS_ADDRESS",
                                                             "CCBUS_KEY",
                                                             "CCBUS_OPERATIONS_ADDRESS",
                                                             "CCBUS_OPERATIONS_CA_FILE",
                                                             "CCBUS_OPERATIONS_CLIENT_CERT",
                                                             "CCBUS_OPERATIONS_CLIENT_KEY",
                                                             "CCBUS_OPERATIONS_TOKEN_FILE",
                                                             "CCBUS_SERVER_KEY"};
constexpr std::array<std::string_view, 1> kOtherPrefixes = {"CCBUS_BRIDGE"};

// Refuses addresses that other machines can reach and where nobody is asked for a key, unless
// security.insecure is set: whoever can connect may do everything there.
Result<void> check_exposure(const Config& config) {
  if (config.insecure || !config.server_key.empty()) return {};
  for (const std::string& address : {config.chaincode_address, config.client_address}) {
    if (is_local_endpoint(address)) continue;
    return fail(ErrorCode::kInvalid,
                address +
                    " can be reached from other machines, and nobody is asked for a key: listen on "
                    "127.0.0.1, set security.serverKey (docs/security.md), or set "
                    "security.insecure to true if that is what you want");
  }
  return {};
}

// The same for the operations endpoint: what it sends, tokens included, must not be readable on the
// way, and it must know who asks.
Result<void> check_operations(const Config& config) {
  const bool asks_who =
      !config.operations_tokens.empty() || !config.operations_client_roots.empty();
  if (config.operations_tls &&
      (config.operations_certificate.empty() || config.operations_key.empty())) {
    return fail(
        ErrorCode::kInvalid,
        "operations.tls.enabled needs operations.tls.cert.file and operations.tls.key.file");
  }
  if (config.operations_client_auth &&
      (!config.operations_tls || config.operations_client_roots.empty())) {
    return fail(ErrorCode::kInvalid,
                "operations.tls.clientAuthRequired needs operations.tls.enabled and "
                "operations.tls.clientRootCAs.files");
  }
  const bool is_exposed = !config.operations_address.empty() &&
                          !is_local_endpoint("tcp://" + config.operations_address);
  if (config.insecure || !is_exposed || (config.operations_tls && asks_who)) return {};
  return fail(ErrorCode::kInvalid,
              config.operations_address +
                  " (operations.listenAddress) can be reached from other machines: set "
                  "operations.tls, and operations.tokens or operations.tls.clientRootCAs.files, by "
                  "which it knows who asks (docs/security.md); or listen on 127.0.0.1; or set "
                  "security.insecure to true if that is what you want");
}

// A key and the addresses where it is used belong together.
Result<void> check_rotation(const Config& config) {
  const bool has_address =
      !config.next_chaincode_address.empty() || !config.next_client_address.empty();
  if (has_address == config.next_server_key.empty()) {
    return fail(ErrorCode::kInvalid,
                "security.rotation: serverKey and one of listenAddress and chaincodeListenAddress "
                "belong together");
  }
  if (!config.next_server_key.empty() && config.server_key.empty()) {
    return fail(ErrorCode::kInvalid,
                "security.rotation.serverKey replaces security.serverKey, which is not set");
  }
  if (has_address && (config.next_chaincode_address == config.chaincode_address ||
                      config.next_client_address == config.client_address)) {
    return fail(ErrorCode::kInvalid,
                "security.rotation: the addresses of the next key must differ from those of the "
                "present one");
  }
  return {};
}

// What a replica has applied of a log has to outlive it.
Result<void> check_ordering(const Config& config) {
  if (!config.is_ordered_by_kafka || config.ledger_directory) return {};
  return fail(ErrorCode::kInvalid,
              "ordering.type is kafka, and the ledger is in memory: set ledger.directory");
}

Result<void> check_limits(const Limits& limits) {
  const auto broken = check(limits);
  if (!broken) return {};
  return fail(ErrorCode::kInvalid,
              std::string(broken->smaller) + " is " + std::to_string(broken->smaller_value) + ", " +
                  std::string(broken->larger) + " only " + std::to_string(broken->larger_value) +
                  ": " + std::string(broken->why));
}

}  // namespace

Result<LoadedConfig> load_config(const ConfigSources& sources) {
  LoadedConfig loaded;
  const auto keys = config_keys();
  KeyNames names{{}, kEnvironmentPrefix, "CCBUS_CONFIG", kOtherVariables, kOtherPrefixes};
  for (const ConfigKey& key : keys) names.paths.push_back(key.path);
  const auto set = [&](std::size_t index, std::string_view value,
                       const std::string& where) -> Result<void> {
    const ConfigKey& key = keys[index];
    if (auto done = key.set(loaded.config, value); !done) {
      return unexpected(refused_value(where, key.path, done.error()));
    }
    loaded.origins[key.path] = where;
    return {};
  };
  if (auto applied = apply_sources(sources, names, set); !applied) {
    return unexpected(applied.error());
  }
  if (auto safe = check_exposure(loaded.config); !safe) return unexpected(safe.error());
  if (auto safe = check_operations(loaded.config); !safe) return unexpected(safe.error());
  if (auto sound = check_rotation(loaded.config); !sound) return unexpected(sound.error());
  if (auto kept = check_ordering(loaded.config); !kept) return unexpected(kept.error());
  if (auto fit = check_limits(loaded.config.limits); !fit) return unexpected(fit.error());
  return loaded;
}

}  // namespace ccbus
