#include "service/base/gojson/number.h"

#include <catch2/catch.hpp>
#include <string>

#include "service/base/gojson/encode.h"

using namespace ccbus::gojson;

namespace {

std::string as_float64(const std::string& literal) {
  const auto value = number_as_float64(literal);
  return value ? encode(*value) : "none";
}

std::string as_written(const std::string& literal) {
  const auto value = number_as_written(literal);
  return value ? encode(*value) : "none";
}

int compared(const std::string& a, const std::string& b) {
  return compare_numbers(*number_as_written(a), *number_as_written(b));
}

}  // namespace

TEST_CASE("a number that has no type in Go is a float64, and is written as one",
          "[gojson][row-161][row-175]") {
  CHECK(as_float64("2.0") == "2");
  CHECK(as_float64("1e3") == "1000");
  CHECK(as_float64("-0") == "0");
  CHECK(as_float64("-0.0") == "0");
  CHECK(as_float64("0.1") == "0.1");
  CHECK(as_float64("1.50") == "1.5");
  CHECK(as_float64("9007199254740992") == "9007199254740992");
  CHECK(as_float64("9007199254740993") == "9007199254740992");
  CHECK(as_float64("9223372036854775807") == "9223372036854776000");
  CHECK(as_float64("-9223372036854775808") == "-9223372036854776000");
  CHECK(as_float64("18446744073709551615") == "18446744073709552000");
  CHECK(as_float64("123456789012345678901") == "123456789012345680000");
  CHECK(as_float64("999999999999999999999") == "1e+21");
  CHECK(as_float64("1e21") == "1e+21");
  CHECK(as_float64("1e400") == "none");
  CHECK(as_float64("1e-400") == "0");
  CHECK(as_float64("0.000001") == "0.000001");
  CHECK(as_float64("1e-7") == "1e-7");
  CHECK(as_float64("1.7976931348623157e308") == "1.7976931348623157e+308");
}

TEST_CASE("whole float64 numbers below 1e21 are integers for CouchDB, others are not",
          "[gojson][row-161]") {
  CHECK(is_integer(*number_as_float64("2.0")));
  CHECK(is_integer(*number_as_float64("1e20")));
  CHECK_FALSE(is_integer(*number_as_float64("1e21")));
  CHECK_FALSE(is_integer(*number_as_float64("2.5")));
  CHECK_FALSE(is_integer(*number_as_written("2.0")));
  CHECK(is_integer(*number_as_written("1000000000000000000000")));
}

TEST_CASE("a literal that the decoder keeps has its digits, however many", "[gojson]") {
  CHECK(as_written("18446744073709551616") == "18446744073709551616");
  CHECK(as_written("-9223372036854775809") == "-9223372036854775809");
  CHECK(as_written(std::string(400, '9')) == std::string(400, '9'));
  CHECK(as_written("9007199254740993") == "9007199254740993");
  CHECK(as_written("1e400") == "none");
  CHECK(*integer(*number_as_written("-18446744073709551616")) == -(Int128{1} << 64));
  CHECK_FALSE(integer(*number_as_written(std::string(39, '9'))));
  CHECK_FALSE(integer(*number_as_written("2.0")));
}

TEST_CASE("numbers are compared by what they are, not by what a float64 holds", "[gojson]") {
  CHECK(compared("1", "1.0") == 0);
  CHECK(compared("9007199254740993", "9007199254740992") > 0);
  CHECK(compared("9007199254740993", "9007199254740992.0") > 0);
  CHECK(compared("9223372036854775807", "9223372036854775808") < 0);
  CHECK(compared("-9223372036854775809", "-9223372036854775808") < 0);
  CHECK(compared("18446744073709551616", "18446744073709551615") > 0);
  CHECK(compared("18446744073709552000", "1.8446744073709552e19") > 0);
  CHECK(compared("18446744073709551616", "1.8446744073709552e19") == 0);
  CHECK(compared("1000000000000000000001", "1e21") > 0);
  CHECK(compared("999999999999999999999", "1e21") < 0);
  CHECK(compared(std::string(400, '9'), "1e308") > 0);
  CHECK(compared("-" + std::string(400, '9'), "-1e308") < 0);
  // The float64 nearest to 10^40 is above it.
  CHECK(compared("1" + std::string(40, '0'), "1e40") < 0);
  CHECK(compared("-1" + std::string(40, '0'), "-1e40") > 0);
  CHECK(compared("-0.0", "0") == 0);
}
