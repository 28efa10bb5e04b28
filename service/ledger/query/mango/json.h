#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::ledger::mango {

// Keeps the order of an object's members, because CouchDB compares objects in that order.
using Json = nlohmann::ordered_json;

// How deep arrays and objects may be nested. Functions on values call themselves once for each
// level, so these limits bound the stack.
inline constexpr std::size_t kDocumentDepthMax = 200;
inline constexpr std::size_t kQueryDepthMax = 50;
inline constexpr std::size_t kQueryBytesMax = 64u << 10;

// Returns nullopt if the text is not JSON or nested deeper. If an object has a name twice, member()
// finds the last value. Takes time proportional to the length of the text.
[[nodiscard]] std::optional<Json> parse_json(std::string_view text, std::size_t depth_max);

// As parse_json() with kDocumentDepthMax; also nullopt if the value is not an object.
[[nodiscard]] std::optional<Json> parse_document(std::string_view value);

// Null if the object has no such member.
[[nodiscard]] const Json* member(const Json& object, std::string_view name);

// The value as text for error messages, shortened.
[[nodiscard]] std::string shown(const Json& value);

// An error of CouchDB, in the words in which Fabric returns it to the chaincode.
[[nodiscard]] unexpected<Error> couch_error(std::string_view code, const std::string& reason);

}  // namespace ccbus::ledger::mango
