#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "service/base/gojson/value.h"

namespace ccbus::gojson {

__extension__ using Int128 = __int128;

[[nodiscard]] bool is_number(const Value& value);

// Whether Erlang, and so CouchDB, has this number as an integer. 2.0 as it is written is a
// fraction.
[[nodiscard]] bool is_integer(const Value& value);

// Returns the value as an integer; nullopt if it is not an integer, or has more than 38 digits.
[[nodiscard]] std::optional<Int128> integer(const Value& value);

// A number as the nearest float64 and what is missing from it: `rest` orders integers that have the
// same nearest float64. Exact for integers below 1e21, and for all others in comparison with those
// and with fractions.
struct Number {
  double nearest;
  std::int32_t rest;
};
[[nodiscard]] Number number(const Value& value);

// Below, at or above zero.
[[nodiscard]] int compare_numbers(const Value& a, const Value& b);

// For decode(). `literal` is a number of JSON's grammar. nullopt: it is beyond a float64.
[[nodiscard]] std::optional<Value> number_as_written(std::string_view literal);
[[nodiscard]] std::optional<Value> number_as_float64(std::string_view literal);

}  // namespace ccbus::gojson
