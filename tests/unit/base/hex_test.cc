#include "service/base/hex.h"

#include <catch2/catch.hpp>
#include <string>

namespace ccbus {
namespace {

using namespace std::string_literals;

TEST_CASE("bytes and their hexadecimal digits lead to each other", "[base]") {
  CHECK(to_hex("") == "");
  CHECK(to_hex("\x00\x7f\x80\xff"s) == "007f80ff");
  CHECK(from_hex("007f80ff") == "\x00\x7f\x80\xff"s);
  CHECK(from_hex("") == "");
}

TEST_CASE("what to_hex() does not write is no hexadecimal text", "[base]") {
  CHECK_FALSE(from_hex("0"));
  CHECK_FALSE(from_hex("0F"));
  CHECK_FALSE(from_hex("0g"));
  CHECK_FALSE(from_hex(" 0"));
}

}  // namespace
}  // namespace ccbus
