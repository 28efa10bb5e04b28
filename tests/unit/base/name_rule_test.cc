#include "service/base/name_rule.h"

#include <catch2/catch.hpp>
#include <string>

namespace ccbus {
namespace {

constexpr NameRule kRule{kLettersAndDigits, kLettersAndDigits | "_-"};

TEST_CASE("a name begins with one set of bytes and goes on with another", "[base]") {
  CHECK(is_name("a", kRule, 255));
  CHECK(is_name("9-b_C", kRule, 255));
  CHECK_FALSE(is_name("-b", kRule, 255));
  CHECK_FALSE(is_name("a.b", kRule, 255));
  CHECK_FALSE(is_name("\xc3\xa4", kRule, 255));
  CHECK_FALSE(is_name(std::string_view("a\0", 2), kRule, 255));
}

TEST_CASE("a name has at least one byte and at most as many as the limit says", "[base]") {
  CHECK_FALSE(is_name("", kRule, 255));
  CHECK(is_name(std::string(255, 'a'), kRule, 255));
  CHECK_FALSE(is_name(std::string(256, 'a'), kRule, 255));
}

}  // namespace
}  // namespace ccbus
