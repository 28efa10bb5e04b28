#pragma once

#include <optional>
#include <string_view>

namespace ccbus {

// Whose rules for keys and values hold on a channel: see service/ledger/state/key_rules.h. The
// words are those of `ledger.state.stateDatabase`.
enum class StateDatabase {
  kEmbedded,  // As on Fabric's LevelDB: none.
  kCouchDb,   // As on Fabric's CouchDB.
};

inline constexpr std::string_view kEmbeddedName = "embedded";
inline constexpr std::string_view kCouchDbName = "CouchDB";

[[nodiscard]] constexpr std::string_view name_of(StateDatabase database) {
  return database == StateDatabase::kCouchDb ? kCouchDbName : kEmbeddedName;
}

// nullopt: it is the name of neither.
[[nodiscard]] constexpr std::optional<StateDatabase> state_database_of(std::string_view name) {
  if (name == kEmbeddedName) return StateDatabase::kEmbedded;
  if (name == kCouchDbName) return StateDatabase::kCouchDb;
  return std::nullopt;
}

}  // namespace ccbus
