#include "service/base/gojson/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace ccbus::gojson {
namespace {

using Digits = Value::binary_t;

constexpr std::size_t kInt128Digits = 38;
constexpr std::int32_t kRestMax = 1 << 30;
constexpr double kExactMax = 0x1p53;  // Below it float64 has every integer.
constexpr double kIntegerMax = 1e21;  // From there on Go writes an exponent.

std::string digits_of(const Value& value) {
  const Digits& digits = value.get_binary();
  return {digits.begin(), digits.end()};
}

Int128 parse_int128(std::string_view digits) {
  const bool is_negative = digits.front() == '-';
  if (is_negative) digits.remove_prefix(1);
  Int128 parsed = 0;
  for (const char digit : digits) parsed = parsed * 10 + (digit - '0');
  return is_negative ? -parsed : parsed;
}

// `digits` is an integer without leading zeros.
Value integer_value(std::string_view digits) {
  const char* const end = digits.data() + digits.size();
  std::int64_t small = 0;
  if (std::from_chars(digits.data(), end, small).ec == std::errc()) return small;
  std::uint64_t large = 0;
  if (digits.front() != '-' && std::from_chars(digits.data(), end, large).ec == std::errc()) {
    return large;
  }
  return Value::binary({digits.begin(), digits.end()});
}

// A number that is too small becomes 0, as in Go.
double nearest_float64(std::string_view literal) {
  double parsed = 0;
  const auto [end, error] =
      std::from_chars(literal.data(), literal.data() + literal.size(), parsed);
  if (error == std::errc()) return parsed;
  return std::strtod(std::string(literal).c_str(), nullptr);
}

bool is_integer_literal(std::string_view literal) {
  return literal.find_first_of(".eE") == std::string_view::npos;
}

// The digits of a whole float64 of 2^53 or more as Go writes them: the shortest ones that are read
// back as the same number, and zeros.
std::string padded_digits(double whole) {
  std::array<char, 32> text{};
  const auto written =
      std::to_chars(text.data(), text.data() + text.size(), whole, std::chars_format::scientific);
  const std::string_view scientific(text.data(),
                                    static_cast<std::size_t>(written.ptr - text.data()));
  const std::size_t e = scientific.find('e');
  int exponent = 0;
  std::from_chars(scientific.data() + e + 2, scientific.data() + scientific.size(), exponent);
  std::string digits;
  for (const char c : scientific.substr(0, e)) {
    if (c != '.') digits += c;
  }
  const std::size_t sign = digits.front() == '-' ? 1 : 0;
  digits.resize(sign + static_cast<std::size_t>(exponent) + 1, '0');
  return digits;
}

Number split(Int128 integer, double nearest) {
  // A double of this size converts exactly.
  const Int128 rest = integer - static_cast<Int128>(nearest);
  return {nearest, static_cast<std::int32_t>(std::clamp<Int128>(rest, -kRestMax, kRestMax))};
}

Number split_long(const std::string& digits) {
  const double nearest = nearest_float64(digits);
  if (std::isinf(nearest)) return {nearest, 0};
  if (digits.size() <= kInt128Digits) return split(parse_int128(digits), nearest);
  std::array<char, 400> exact{};
  std::snprintf(exact.data(), exact.size(), "%.0f", nearest);
  int order = digits.compare(exact.data());  // Of the same length: the nearest differs in the end.
  if (digits.size() != std::string_view(exact.data()).size()) {
    order = digits.size() < std::string_view(exact.data()).size() ? -1 : 1;
  }
  if (digits.front() == '-') order = -order;
  return {nearest, order < 0 ? -kRestMax : order > 0 ? kRestMax : 0};
}

}  // namespace

bool is_number(const Value& value) {
  return value.is_number() || value.is_binary();
}

bool is_integer(const Value& value) {
  return value.is_number_integer() || value.is_binary();
}

std::optional<Int128> integer(const Value& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_binary() || value.get_binary().size() > kInt128Digits) return std::nullopt;
  return parse_int128(digits_of(value));
}

Number number(const Value& value) {
  if (value.is_number_float()) return {value.get<double>() + 0.0, 0};  // -0.0 is 0.
  if (value.is_binary()) return split_long(digits_of(value));
  if (value.is_number_unsigned()) {
    const auto unsigned_integer = value.get<std::uint64_t>();
    return split(unsigned_integer, static_cast<double>(unsigned_integer));
  }
  const auto signed_integer = value.get<std::int64_t>();
  return split(signed_integer, static_cast<double>(signed_integer));
}

int compare_numbers(const Value& a, const Value& b) {
  const Number x = number(a), y = number(b);
  if (x.nearest != y.nearest) return x.nearest < y.nearest ? -1 : 1;
  return x.rest < y.rest ? -1 : x.rest > y.rest ? 1 : 0;
}

std::optional<Value> number_as_written(std::string_view literal) {
  if (is_integer_literal(literal)) return literal == "-0" ? Value(0) : integer_value(literal);
  const double parsed = nearest_float64(literal);
  if (std::isinf(parsed)) return std::nullopt;
  return Value(parsed);
}

std::optional<Value> number_as_float64(std::string_view literal) {
  constexpr std::size_t kExactDigits = 15;
  if (literal.size() <= kExactDigits && is_integer_literal(literal)) {
    return number_as_written(literal);
  }
  const double parsed = nearest_float64(literal);
  if (std::isinf(parsed)) return std::nullopt;
  if (std::trunc(parsed) != parsed || std::fabs(parsed) >= kIntegerMax) return Value(parsed);
  if (std::fabs(parsed) < kExactMax) return Value(static_cast<std::int64_t>(parsed));
  return integer_value(padded_digits(parsed));
}

}  // namespace ccbus::gojson
