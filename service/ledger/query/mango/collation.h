#pragma once

#include <string>
#include <string_view>

#include "service/ledger/query/mango/json.h"

namespace ccbus::ledger::mango {

// CouchDB's order of JSON values: null, false, true, numbers, strings by the root collation of
// Unicode, arrays item by item, objects member by member in the order in which they stand: Fabric
// has sorted them. The functions call themselves once for each level that both values have. Any
// thread.

// Below, at or above zero. Integers are compared exactly, also with fractions: see gojson::Number.
[[nodiscard]] int compare(const Json& a, const Json& b);

// Returns compare() == 0, but faster.
[[nodiscard]] bool equal(const Json& a, const Json& b);

// Whether Erlang has one and the same term for both, which $all asks: strings by their bytes, and
// the integer 1 is not the fraction 1.0, except with kByValue.
enum class Numbers { kByType, kByValue };
[[nodiscard]] bool is_same_term(const Json& a, const Json& b, Numbers numbers);

// Appends bytes that sort as compare() does. Bytes are equal only for equal values, and no value's
// bytes are a prefix of another's.
void append_sort_key(std::string& out, const Json& value);

// The same for a document id, which sorts by its bytes.
void append_id_sort_key(std::string& out, std::string_view id);

// The first text after all texts that begin with `prefix`, which is not empty and not all 0xff.
[[nodiscard]] std::string after_prefix(std::string prefix);

// The version of ICU's collation tables. With another version sort keys may differ.
[[nodiscard]] std::string collation_version();

}  // namespace ccbus::ledger::mango
