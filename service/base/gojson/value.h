#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace ccbus::gojson {

// A JSON value. The names of an object's members are in the order of their bytes, each once, as in
// a map that Go writes (or as in the text: see Members::kInOrder in decode.h). An integer that 64
// bits do not hold is a `binary` value of its decimal digits; number.h has functions for all
// numbers. Nothing in here calls itself once for each level of nesting; nlohmann's copies and
// dump() do.
using Value = nlohmann::ordered_json;

// As Go names it in errors: "object", "array", "string", "number", "bool" or "null".
[[nodiscard]] std::string_view type_name(const Value& value);

// Null if the object has no such member; the last one of several with this name.
[[nodiscard]] const Value* member(const Value& object, std::string_view name);

// The member that Go stores in a struct field of this name, which has ASCII letters only. Go
// ignores case; of several members whose names differ only in case it takes the last one. Null if
// the object has no such member.
[[nodiscard]] const Value* member_of_any_case(const Value& object, std::string_view name);

}  // namespace ccbus::gojson
