#include "service/bridge/settings/settings.h"

#include <array>

#include "service/base/endpoint_address.h"
#include "service/config/config_values.h"

namespace ccbus::bridge {
namespace {

using namespace config_values;

constexpr std::uint64_t kMiB = 1u << 20;
constexpr std::uint64_t kGiB = kMiB << 10;
constexpr char kTrue[] = "true";
constexpr char kFalse[] = "false";
using Flag = Either<kTrue, kFalse>;
using Patience = Duration<kSecond, kHour>;

template <class Kind, auto Member>
constexpr SettingKey setting(std::string_view path, std::string_view help) {
  return key_of<Settings, Kind, Member>(path, help);
}

constexpr std::array kKeys = {
    setting<HostAndPort, &Settings::clients_address>(
        "listenAddress", "where applications connect by gRPC (gateway.Gateway, protos.Deliver)"),
    setting<HostAndPort, &Settings::chaincode_address>(
        "chaincodeListenAddress", "where chaincode connects by gRPC (protos.ChaincodeSupport)"),
    setting<Endpoint, &Settings::service_clients>("peer.address",
                                                  "the endpoint of ccbusd for applications"),
    setting<Endpoint, &Settings::service_chaincode>("peer.chaincodeAddress",
                                                    "the endpoint of ccbusd for chaincode"),
    setting<Patience, &Settings::connect_timeout>(
        "peer.connTimeout", "how long a connection to ccbusd may take to be made"),
    setting<Path, &Settings::directory>(
        "directory", "where it keeps which chaincodes as a service it has to call"),
    setting<Flag, &Settings::tls>("tls.enabled", "true: applications connect with TLS"),
    setting<Path, &Settings::tls_certificate>("tls.cert.file",
                                              "certificate of the listeners, in PEM"),
    setting<Path, &Settings::tls_key>("tls.key.file", "its key, in PEM"),
    setting<Flag, &Settings::tls_client_auth>("tls.clientAuthRequired",
                                              "true: applications have to show a certificate"),
    setting<Paths, &Settings::tls_client_roots>("tls.clientRootCAs.files",
                                                "CAs of the certificates of applications"),
    setting<Flag, &Settings::chaincode_tls>(
        "chaincodeTls.enabled", "true: chaincode connects with TLS, with the same certificate"),
    setting<Paths, &Settings::chaincode_roots>(
        "chaincodeTls.clientRootCAs.files",
        "CAs of the certificates of chaincode; then each has to show one, and registers under its "
        "common name"),
    setting<Path, &Settings::key>("security.key", "the bridge's own key for ccbusd"),
    setting<Path, &Settings::server_key>("security.serverKey", "the public key of ccbusd"),
    setting<Flag, &Settings::insecure>("security.insecure",
                                       "true: other machines may connect without TLS"),
    setting<HostAndPort, &Settings::operations_address>(
        "operations.listenAddress", "where health and metrics are served; empty: nowhere"),
    setting<Path, &Settings::operations_tokens>(
        "operations.tokens", "file of the tokens that the operations endpoint accepts"),
    setting<Duration<0, kHour>, &Settings::shutdown_grace>(
        "shutdown.grace", "how long open calls may go on when it stops"),
    setting<LogLevel, &Settings::log_level>("logging.level", "what is logged"),
    setting<Count<kMiB, kGiB>, &Settings::message_bytes_max>(
        "limits.messageBytes", "bytes of one message, in either direction"),
    setting<Count<kMiB, 1'024 * kGiB>, &Settings::bytes_max>(
        "limits.bytes", "bytes of the messages of all calls that the bridge holds"),
    setting<Count<kMiB, 1'024 * kGiB>, &Settings::grpc_bytes_max>(
        "limits.grpcBytes", "bytes that gRPC may take for the connections of each listener"),
    setting<Count<1, 1'000'000>, &Settings::calls_max>("limits.calls", "calls open at once"),
    setting<Count<1, 1'000'000>, &Settings::calls_per_connection_max>(
        "limits.callsPerConnection", "calls open at once of one connection"),
    setting<Count<1, 30'000>, &Settings::connections_max>(
        "limits.connections",
        "connections to ccbusd, one for each chaincode and each application; and gRPC connections "
        "at each of the two addresses"),
};

// Refuses listeners that other machines can reach in the clear.
Result<void> check_exposure(const Settings& settings) {
  if (settings.insecure) return {};
  struct Listener {
    const std::string& address;
    bool has_tls;
    const char* key;
  };
  for (const auto& [address, has_tls, key] :
       {Listener{settings.clients_address, settings.tls, "tls.enabled"},
        Listener{settings.chaincode_address, settings.chaincode_tls, "chaincodeTls.enabled"}}) {
    if (has_tls || address.empty() || is_local_endpoint("tcp://" + address)) continue;
    return fail(ErrorCode::kInvalid,
                address +
                    " can be reached from other machines, and what is said there can be read on "
                    "the way: listen on 127.0.0.1, set " +
                    key +
                    " (docs/bridge.md), or set security.insecure to true if that is what you want");
  }
  return {};
}

Result<void> check_tls(const Settings& settings) {
  const bool has_certificate = !settings.tls_certificate.empty() && !settings.tls_key.empty();
  if ((settings.tls || settings.chaincode_tls) && !has_certificate) {
    return fail(ErrorCode::kInvalid,
                "tls.enabled and chaincodeTls.enabled need tls.cert.file and tls.key.file");
  }
  if (settings.tls_client_auth && (!settings.tls || settings.tls_client_roots.empty())) {
    return fail(ErrorCode::kInvalid,
                "tls.clientAuthRequired needs tls.enabled and tls.clientRootCAs.files");
  }
  if (!settings.chaincode_tls && !settings.chaincode_roots.empty()) {
    return fail(ErrorCode::kInvalid, "chaincodeTls.clientRootCAs.files needs chaincodeTls.enabled");
  }
  return {};
}

}  // namespace

std::span<const SettingKey> setting_keys() {
  return kKeys;
}

Result<LoadedSettings> load_settings(const ConfigSources& sources) {
  LoadedSettings loaded;
  KeyNames names{{}, kSettingsPrefix, "CCBUS_BRIDGE_CONFIG", {}, {}};
  for (const SettingKey& key : kKeys) names.paths.push_back(key.path);
  const auto set = [&](std::size_t index, std::string_view value,
                       const std::string& where) -> Result<void> {
    const SettingKey& key = kKeys[index];
    if (auto done = key.set(loaded.settings, value); !done) {
      return unexpected(refused_value(where, key.path, done.error()));
    }
    loaded.origins[key.path] = where;
    return {};
  };
  if (auto applied = apply_sources(sources, names, set); !applied) {
    return unexpected(applied.error());
  }
  if (auto safe = check_exposure(loaded.settings); !safe) return unexpected(safe.error());
  if (auto whole = check_tls(loaded.settings); !whole) return unexpected(whole.error());
  return loaded;
}

}  // namespace ccbus::bridge
