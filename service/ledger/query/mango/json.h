#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/gojson/value.h"
#include "service/base/result.h"

namespace ccbus::ledger::mango {

// What CouchDB has in its database is what Fabric has decoded and encoded with Go: objects with
// sorted names, see service/base/gojson.
using Json = gojson::Value;
using gojson::member;

// Functions on queries call themselves once for each level, so these limits bound the stack. What
// goes through documents does not call itself for the levels of the document.
inline constexpr std::size_t kQueryDepthMax = 50;
inline constexpr std::size_t kQueryBytesMax = 64u << 10;

struct Document {
  Json content;                   // An object.
  bool has_replacements = false;  // U+FFFD for what is no Unicode.
};

// Returns nullopt if Fabric does not store the value as a JSON document: it is no JSON object as Go
// decodes it, which allows gojson::kDepthMax levels.
[[nodiscard]] std::optional<Document> read_document(std::string_view value);

// As read_document(), without what it tells besides.
[[nodiscard]] std::optional<Json> parse_document(std::string_view value);

// A query or a part of one. Returns nullopt if Go cannot decode it.
[[nodiscard]] std::optional<Json> parse_query(std::string_view text);

// The value as text for error messages, shortened.
[[nodiscard]] std::string shown(const Json& value);

// An error of CouchDB, in the words in which Fabric returns it to the chaincode.
[[nodiscard]] unexpected<Error> couch_error(std::string_view code, const std::string& reason);

}  // namespace ccbus::ledger::mango
