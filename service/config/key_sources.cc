#include "service/config/key_sources.h"

#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>

#include "service/config/nearest_name.h"

namespace ccbus {
namespace {

constexpr int kDepthMax = 8;  // Of the file; the keys have at most four levels.

// The keys of one program, while values are applied to them.
class Application {
 public:
  Application(const KeyNames& names, const SetKey& set) : names_(names), set_(set) {}

  // Applies one value. `where` names its source.
  Result<void> apply(const std::string& where, std::string_view path, std::string_view value) {
    const auto at = std::ranges::find(names_.paths, path);
    if (at == names_.paths.end()) {
      return fail(ErrorCode::kInvalid,
                  where + ": unknown key '" + std::string(path) + "'; the nearest known one is '" +
                      nearest_name(path, {names_.paths.begin(), names_.paths.end()}) + "'");
    }
    return set_(static_cast<std::size_t>(at - names_.paths.begin()), value, where);
  }

  Result<void> apply_file(const std::filesystem::path& file) {
    try {
      return apply_node(file.string(), "", YAML::LoadFile(file.string()), 0);
    } catch (const YAML::BadFile&) {
      return fail(ErrorCode::kIo, "cannot read the configuration file " + file.string());
    } catch (const YAML::Exception& error) {
      return fail(ErrorCode::kInvalid,
                  file.string() + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg);
    }
  }

  Result<void> apply_variable(std::string_view variable) {
    const auto equals = variable.find('=');
    const std::string_view name = variable.substr(0, equals);
    if (equals == std::string_view::npos || !is_ours(name)) return {};
    std::vector<std::string> known;
    for (const std::string_view path : names_.paths) {
      known.push_back(environment_name(names_.prefix, path));
      if (known.back() != name) continue;
      return apply("environment variable " + std::string(name), path, variable.substr(equals + 1));
    }
    return fail(ErrorCode::kInvalid, "environment variable " + std::string(name) +
                                         ": unknown; the nearest known one is " +
                                         nearest_name(name, known));
  }

  Result<void> apply_setting(std::string_view setting) {
    const auto equals = setting.find('=');
    if (equals == std::string_view::npos) {
      return fail(ErrorCode::kInvalid,
                  "--set " + std::string(setting) + ": it must read section.key=value");
    }
    return apply("--set", setting.substr(0, equals), setting.substr(equals + 1));
  }

 private:
  static std::string join(const YAML::Node& sequence) {
    std::string text;
    for (const YAML::Node& item : sequence)
      text += (text.empty() ? "" : ",") + item.as<std::string>();
    return text;
  }

  [[nodiscard]] bool is_ours(std::string_view name) const {
    return name.starts_with(names_.prefix) && name != names_.file &&
           std::ranges::find(names_.other_variables, name) == names_.other_variables.end() &&
           std::ranges::none_of(names_.other_prefixes,
                                [name](auto prefix) { return name.starts_with(prefix); });
  }

  // Applies a node and, recursively, the nodes in it. `depth` is bounded, since an alias may make a
  // node that contains itself.
  Result<void> apply_node(const std::string& file, const std::string& path, const YAML::Node& node,
                          int depth) {
    const std::string where = file + ":" + std::to_string(node.Mark().line + 1);
    if (depth > kDepthMax) {
      return fail(ErrorCode::kInvalid, where + ": nested more than " + std::to_string(kDepthMax) +
                                           " levels deep, which no key is");
    }
    if (node.IsScalar()) return apply(where, path, node.Scalar());
    if (node.IsSequence()) return apply(where, path, join(node));
    if (!node.IsMap()) return {};  // A section with everything in it commented out.
    for (const auto& entry : node) {
      const std::string name = entry.first.as<std::string>();
      const std::string inner = path.empty() ? name : path + "." + name;
      auto applied = apply_node(file, inner, entry.second, depth + 1);
      if (!applied) return applied;
    }
    return {};
  }

  const KeyNames& names_;
  const SetKey& set_;
};

// Returns the file that the variable names, for a start without --config; nullopt if it is unset or
// empty.
std::optional<std::filesystem::path> named_file(std::string_view name,
                                                const std::vector<std::string>& environment) {
  const std::string prefix = std::string(name) + "=";
  for (const std::string_view variable : environment) {
    if (!variable.starts_with(prefix) || variable.size() == prefix.size()) continue;
    return variable.substr(prefix.size());
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> environment_variables() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

std::string environment_name(std::string_view prefix, std::string_view path) {
  std::string name(prefix);
  for (const char c : path) {
    name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

Result<void> apply_sources(const ConfigSources& sources, const KeyNames& names, const SetKey& set) {
  Application keys(names, set);
  const auto file = sources.file ? sources.file : named_file(names.file, sources.environment);
  if (file) {
    if (auto applied = keys.apply_file(*file); !applied) return applied;
  }
  for (const std::string& variable : sources.environment) {
    if (auto applied = keys.apply_variable(variable); !applied) return applied;
  }
  for (const std::string& setting : sources.settings) {
    if (auto applied = keys.apply_setting(setting); !applied) return applied;
  }
  return {};
}

Error refused_value(const std::string& where, std::string_view path, const Error& why) {
  return {ErrorCode::kInvalid, where + ": " + std::string(path) + ": " + why.message};
}

}  // namespace ccbus
