#pragma once

#include <string>
#include <string_view>

#include "service/ledger/query/mango/json.h"

namespace ccbus::ledger::mango {

// CouchDB's order of JSON values: null, false, true, numbers, strings by the root collation of
// Unicode, arrays item by item, objects member by member in the order in which they are written.
// Any thread.

// Below, at or above zero. Integers of 64 bits are compared exactly, also with fractions.
[[nodiscard]] int compare(const Json& a, const Json& b);

// Returns compare() == 0, but faster.
[[nodiscard]] bool equal(const Json& a, const Json& b);

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
