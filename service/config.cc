#include "service/config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace ccbus {
namespace {

// Names that begin like ours and are no keys: the command line tool's.
constexpr std::array<std::string_view, 3> kOtherVariables = {"CCBUS_ADDRESS", "CCBUS_CONFIG",
                                                             "CCBUS_OPERATIONS_ADDRESS"};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

template <class Name>
std::string nearest_name(std::string_view unknown, Name&& name_of) {
  const auto distance = [&](const ConfigKey& key) {
    return edit_distance(lower(unknown), lower(name_of(key)));
  };
  const auto keys = config_keys();
  return std::string(name_of(*std::ranges::min_element(keys, {}, distance)));
}

const ConfigKey* find_key(std::string_view path) {
  const auto keys = config_keys();
  const auto at = std::ranges::find(keys, path, &ConfigKey::path);
  return at == keys.end() ? nullptr : &*at;
}

// Applies one value; `where` says where it stands.
Result<void> apply(Config& config, const std::string& where, std::string_view path,
                   std::string_view value) {
  const ConfigKey* key = find_key(path);
  if (key == nullptr) {
    const auto path_of = [](const ConfigKey& known) { return known.path; };
    return fail(ErrorCode::kInvalid, where + ": unknown key '" + std::string(path) +
                                         "'; the nearest known one is '" +
                                         nearest_name(path, path_of) + "'");
  }
  if (auto set = key->set(config, value); !set) {
    return fail(ErrorCode::kInvalid, where + ": " + std::string(path) + ": " + set.error().message);
  }
  return {};
}

std::string join(const YAML::Node& sequence) {
  std::string text;
  for (const YAML::Node& item : sequence)
    text += (text.empty() ? "" : ",") + item.as<std::string>();
  return text;
}

Result<void> apply_node(Config& config, const std::string& file, const std::string& path,
                        const YAML::Node& node) {
  const std::string where = file + ":" + std::to_string(node.Mark().line + 1);
  if (node.IsScalar()) return apply(config, where, path, node.Scalar());
  if (node.IsSequence()) return apply(config, where, path, join(node));
  if (!node.IsMap()) return {};  // A section with everything in it commented out.
  for (const auto& entry : node) {
    const std::string name = entry.first.as<std::string>();
    const std::string inner = path.empty() ? name : path + "." + name;
    if (auto applied = apply_node(config, file, inner, entry.second); !applied) return applied;
  }
  return {};
}

Result<void> apply_file(Config& config, const std::filesystem::path& file) {
  try {
    return apply_node(config, file.string(), "", YAML::LoadFile(file.string()));
  } catch (const YAML::BadFile&) {
    return fail(ErrorCode::kIo, "cannot read the configuration file " + file.string());
  } catch (const YAML::Exception& error) {
    return fail(ErrorCode::kInvalid,
                file.string() + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg);
  }
}

Result<void> apply_variable(Config& config, std::string_view variable) {
  const auto equals = variable.find('=');
  const std::string_view name = variable.substr(0, equals);
  const bool ours = name.starts_with("CCBUS_") && equals != std::string_view::npos &&
                    std::ranges::find(kOtherVariables, name) == kOtherVariables.end();
  if (!ours) return {};
  for (const ConfigKey& key : config_keys()) {
    if (key.environment_name() != name) continue;
    return apply(config, "environment variable " + std::string(name), key.path,
                 variable.substr(equals + 1));
  }
  const auto variable_of = [](const ConfigKey& key) { return key.environment_name(); };
  return fail(ErrorCode::kInvalid, "environment variable " + std::string(name) +
                                       ": unknown; the nearest known one is " +
                                       nearest_name(name, variable_of));
}

Result<void> apply_setting(Config& config, std::string_view setting) {
  const auto equals = setting.find('=');
  if (equals == std::string_view::npos) {
    return fail(ErrorCode::kInvalid,
                "--set " + std::string(setting) + ": it must read section.key=value");
  }
  return apply(config, "--set " + std::string(setting), setting.substr(0, equals),
               setting.substr(equals + 1));
}

// Without keys whoever can connect can do everything.
Result<void> check_exposure(const Config& config) {
  const std::string operations =
      config.operations_address.empty() ? "inproc://nowhere" : "tcp://" + config.operations_address;
  for (const std::string& address : {config.chaincode_address, config.client_address, operations}) {
    if (config.insecure || is_local_endpoint(address)) continue;
    return fail(ErrorCode::kInvalid,
                address +
                    " can be reached from other machines, and nobody is asked for a key: listen on "
                    "127.0.0.1, or set security.insecure to true if that is what you want");
  }
  return {};
}

}  // namespace

bool is_local_endpoint(std::string_view address) {
  for (const std::string_view prefix :
       {"tcp://127.", "tcp://localhost:", "tcp://[::1]:", "tcp://lo:", "ipc://", "inproc://"}) {
    if (address.starts_with(prefix)) return true;
  }
  return false;
}

Result<Config> load_config(const ConfigSources& sources) {
  Config config;
  if (sources.file) {
    if (auto applied = apply_file(config, *sources.file); !applied) {
      return unexpected(applied.error());
    }
  }
  for (const std::string& variable : sources.environment) {
    if (auto applied = apply_variable(config, variable); !applied) {
      return unexpected(applied.error());
    }
  }
  for (const std::string& setting : sources.settings) {
    if (auto applied = apply_setting(config, setting); !applied) {
      return unexpected(applied.error());
    }
  }
  if (auto safe = check_exposure(config); !safe) return unexpected(safe.error());
  return config;
}

}  // namespace ccbus
