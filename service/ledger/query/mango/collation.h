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

// compare() == 0, and quicker.
[[nodiscard]] bool equal(const Json& a, const Json& b);

// Appends bytes that sort as compare() does: equal bytes for equal values only, and no value's
// bytes begin with another's.
void append_sort_key(std::string& out, const Json& value);

// The same for a document's id, which sorts by its bytes.
void append_id_sort_key(std::string& out, std::string_view id);

// The first text after all that begin with this one, which is not empty and not all 0xff.
[[nodiscard]] std::string after_prefix(std::string prefix);

// Changes when sort keys do: with another edition of Unicode's tables.
[[nodiscard]] std::string collation_version();

}  // namespace ccbus::ledger::mango
