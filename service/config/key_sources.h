#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus {

// One key of a program's configuration: how it is set, shown and documented. `Values` is the struct
// that has all values.
template <class Values>
struct KeyOf {
  std::string_view path;  // chaincode.executetimeout
  std::string_view help;
  std::string (*allowed)();  // "a whole number from 1 to 256"; set()'s errors say the same.
  Result<void> (*set)(Values&, std::string_view value);
  std::string (*show)(const Values&);
};

// Where values come from: what comes later wins.
struct ConfigSources {
  std::optional<std::filesystem::path> file;  // YAML. nullopt: a variable may name one.
  std::vector<std::string> environment;       // NAME=value; other programs' names are ignored.
  std::vector<std::string> settings;          // section.key=value, as after --set.
};

// Returns the environment of this process, for ConfigSources.
[[nodiscard]] std::vector<std::string> environment_variables();

// The names of a program's keys.
struct KeyNames {
  std::vector<std::string_view> paths;
  std::string_view prefix;  // Of variables: "CCBUS_".
  std::string_view file;    // The variable that names the file: "CCBUS_CONFIG".
  // Variables with the prefix that are no keys, and prefixes of other programs' variables.
  std::span<const std::string_view> other_variables;
  std::span<const std::string_view> other_prefixes;
};

// Returns CCBUS_CHAINCODE_EXECUTETIMEOUT for chaincode.executetimeout.
[[nodiscard]] std::string environment_name(std::string_view prefix, std::string_view path);

// Sets the key of this number. `where` names the source: "ccbus.yaml:3", "environment variable
// CCBUS_LOGGING_LEVEL", "--set".
using SetKey =
    std::function<Result<void>(std::size_t key, std::string_view value, const std::string& where)>;

// Applies the file, then the environment, then the settings.
//
// Blocks: while it reads the file.
// Errors: kInvalid, with the place, the value and what is allowed; for an unknown key, the nearest
//         known one. kIo if the file cannot be read.
[[nodiscard]] Result<void> apply_sources(const ConfigSources& sources, const KeyNames& names,
                                         const SetKey& set);

// The error of a value that a key does not allow.
[[nodiscard]] Error refused_value(const std::string& where, std::string_view path,
                                  const Error& why);

}  // namespace ccbus
