#include "service/config/config.h"

#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <functional>

#include "service/base/check_limits.h"
#include "service/base/endpoint_address.h"
#include "service/config/nearest_name.h"

namespace ccbus {
namespace {

// Variables that begin with CCBUS_ and are not keys: the configuration file's, and those of the
// command line tool.
constexpr std::array<std::string_view, 9> kOtherVariables = {"CCBUS_ADDRESS",
                                                             "CCBUS_CONFIG",
                                                             "CCBUS_KEY",
                                                             "CCBUS_OPERATIONS_ADDRESS",
                                                             "CCBUS_OPERATIONS_CA_FILE",
                                                             "CCBUS_OPERATIONS_CLIENT_CERT",
                                                             "CCBUS_OPERATIONS_CLIENT_KEY",
                                                             "CCBUS_OPERATIONS_TOKEN_FILE",
                                                             "CCBUS_SERVER_KEY"};

constexpr int kDepthMax = 8;  // Of the file; the keys have at most four levels.

const ConfigKey* find_key(std::string_view path) {
  const auto keys = config_keys();
  const auto at = std::ranges::find(keys, path, &ConfigKey::path);
  return at == keys.end() ? nullptr : &*at;
}

template <class NameOf>
std::string nearest_key(std::string_view unknown, NameOf&& name_of) {
  std::vector<std::string> names;
  for (const ConfigKey& key : config_keys()) names.emplace_back(name_of(key));
  return nearest_name(unknown, names);
}

// Applies one value. `where` names its source: a file and line, a variable, or --set.
Result<void> apply(LoadedConfig& loaded, const std::string& where, std::string_view path,
                   std::string_view value) {
  const ConfigKey* key = find_key(path);
  if (key == nullptr) {
    return fail(ErrorCode::kInvalid, where + ": unknown key '" + std::string(path) +
                                         "'; the nearest known one is '" +
                                         nearest_key(path, std::mem_fn(&ConfigKey::path)) + "'");
  }
  if (auto set = key->set(loaded.config, value); !set) {
    return fail(ErrorCode::kInvalid, where + ": " + std::string(path) + ": " + set.error().message);
  }
  loaded.origins[key->path] = where;
  return {};
}

std::string join(const YAML::Node& sequence) {
  std::string text;
  for (const YAML::Node& item : sequence)
    text += (text.empty() ? "" : ",") + item.as<std::string>();
  return text;
}

// Applies a node and, recursively, the nodes in it. `depth` is bounded, since an alias may make a
// node that contains itself.
Result<void> apply_node(LoadedConfig& loaded, const std::string& file, const std::string& path,
                        const YAML::Node& node, int depth) {
  const std::string where = file + ":" + std::to_string(node.Mark().line + 1);
  if (depth > kDepthMax) {
    return fail(ErrorCode::kInvalid, where + ": nested more than " + std::to_string(kDepthMax) +
                                         " levels deep, which no key is");
  }
  if (node.IsScalar()) return apply(loaded, where, path, node.Scalar());
  if (node.IsSequence()) return apply(loaded, where, path, join(node));
  if (!node.IsMap()) return {};  // A section with everything in it commented out.
  for (const auto& entry : node) {
    const std::string name = entry.first.as<std::string>();
    const std::string inner = path.empty() ? name : path + "." + name;
    auto applied = apply_node(loaded, file, inner, entry.second, depth + 1);
    if (!applied) return applied;
  }
  return {};
}

Result<void> apply_file(LoadedConfig& loaded, const std::filesystem::path& file) {
  try {
    return apply_node(loaded, file.string(), "", YAML::LoadFile(file.string()), 0);
  } catch (const YAML::BadFile&) {
    return fail(ErrorCode::kIo, "cannot read the configuration file " + file.string());
  } catch (const YAML::Exception& error) {
    return fail(ErrorCode::kInvalid,
                file.string() + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg);
  }
}

// Returns the file that CCBUS_CONFIG names, for a start without --config; nullopt if it is unset or
// empty.
std::optional<std::filesystem::path> named_file(const std::vector<std::string>& environment) {
  constexpr std::string_view kPrefix = "CCBUS_CONFIG=";
  for (const std::string_view variable : environment) {
    if (!variable.starts_with(kPrefix) || variable.size() == kPrefix.size()) continue;
    return variable.substr(kPrefix.size());
  }
  return std::nullopt;
}

Result<void> apply_variable(LoadedConfig& loaded, std::string_view variable) {
  const auto equals = variable.find('=');
  const std::string_view name = variable.substr(0, equals);
  const bool ours = name.starts_with("CCBUS_") && equals != std::string_view::npos &&
                    std::ranges::find(kOtherVariables, name) == kOtherVariables.end();
  if (!ours) return {};
  for (const ConfigKey& key : config_keys()) {
    if (key.environment_name() != name) continue;
    return apply(loaded, "environment variable " + std::string(name), key.path,
                 variable.substr(equals + 1));
  }
  return fail(ErrorCode::kInvalid,
              "environment variable " + std::string(name) + ": unknown; the nearest known one is " +
                  nearest_key(name, std::mem_fn(&ConfigKey::environment_name)));
}

Result<void> apply_setting(LoadedConfig& loaded, std::string_view setting) {
  const auto equals = setting.find('=');
  if (equals == std::string_view::npos) {
    return fail(ErrorCode::kInvalid,
                "--set " + std::string(setting) + ": it must read section.key=value");
  }
  return apply(loaded, "--set", setting.substr(0, equals), setting.substr(equals + 1));
}

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

Result<void> check_limits(const Limits& limits) {
  const auto broken = check(limits);
  if (!broken) return {};
  return fail(ErrorCode::kInvalid,
              std::string(broken->smaller) + " is " + std::to_string(broken->smaller_value) + ", " +
                  std::string(broken->larger) + " only " + std::to_string(broken->larger_value) +
                  ": " + std::string(broken->why));
}

}  // namespace

std::vector<std::string> environment_variables() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

Result<LoadedConfig> load_config(const ConfigSources& sources) {
  LoadedConfig loaded;
  if (const auto file = sources.file ? sources.file : named_file(sources.environment)) {
    if (auto applied = apply_file(loaded, *file); !applied) return unexpected(applied.error());
  }
  for (const std::string& variable : sources.environment) {
    if (auto applied = apply_variable(loaded, variable); !applied) {
      return unexpected(applied.error());
    }
  }
  for (const std::string& setting : sources.settings) {
    if (auto applied = apply_setting(loaded, setting); !applied) {
      return unexpected(applied.error());
    }
  }
  if (auto safe = check_exposure(loaded.config); !safe) return unexpected(safe.error());
  if (auto safe = check_operations(loaded.config); !safe) return unexpected(safe.error());
  if (auto sound = check_rotation(loaded.config); !sound) return unexpected(sound.error());
  if (auto fit = check_limits(loaded.config.limits); !fit) return unexpected(fit.error());
  return loaded;
}

}  // namespace ccbus
