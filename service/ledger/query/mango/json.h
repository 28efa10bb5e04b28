#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::ledger::mango {

// Keeps the order of an object's members, in which CouchDB compares objects.
using Json = nlohmann::ordered_json;

// Arrays and objects within each other. What works on values calls itself once for each level.
inline constexpr std::size_t kDocumentDepthMax = 200;
inline constexpr std::size_t kQueryDepthMax = 50;
inline constexpr std::size_t kQueryBytesMax = 64u << 10;

// Nothing where the text is not JSON, or nested deeper. Of a name that an object has twice, the
// last value is found by member(). Takes time in proportion to the text, whatever it holds.
[[nodiscard]] std::optional<Json> parse_json(std::string_view text, std::size_t depth_max);

// As parse_json(), for a stored value; nothing either where it is not an object.
[[nodiscard]] std::optional<Json> parse_document(std::string_view value);

// Null where the object has no such member.
[[nodiscard]] const Json* member(const Json& object, std::string_view name);

// For error messages: the value as text, cut short.
[[nodiscard]] std::string shown(const Json& value);

// An answer of CouchDB's, in the words in which Fabric hands it to the chaincode.
[[nodiscard]] unexpected<Error> couch_error(std::string_view code, const std::string& reason);

}  // namespace ccbus::ledger::mango
