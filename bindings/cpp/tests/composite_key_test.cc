#include "ccbus/shim/composite_key.h"

#include <catch2/catch.hpp>

#include "ccbus/shim/error.h"

using namespace std::string_literals;
using ccbus::shim::create_composite_key;
using ccbus::shim::Error;
using ccbus::shim::split_composite_key;
using Attributes = std::vector<std::string>;

TEST_CASE("a composite key has U+0000 before the type and after every part", "[shim]") {
  CHECK(create_composite_key("car", Attributes{"red", "7"}) == "\0car\0red\0007\0"s);
  CHECK(create_composite_key("car", Attributes{}) == "\0car\0"s);
  CHECK(create_composite_key("", Attributes{""}) == "\0\0\0"s);
}

TEST_CASE("splitting gives back what a composite key was made of", "[shim]") {
  const auto attributes =
      GENERATE(Attributes{}, Attributes{""}, Attributes{"red"}, Attributes{"r\xc3\xa9", "", "7"});
  const auto parts = split_composite_key(create_composite_key("car", attributes));
  CHECK(parts.object_type == "car");
  CHECK(parts.attributes == attributes);
}

TEST_CASE("a part that could be taken for another is refused", "[shim]") {
  const auto part = GENERATE("a\0b"s, "\xf4\x8f\xbf\xbf"s, "\xff"s, "\xed\xa0\x80"s);
  CHECK_THROWS_AS(create_composite_key(part, Attributes{}), Error);
  CHECK_THROWS_AS(create_composite_key("car", Attributes{part}), Error);
}

TEST_CASE("a simple key is not split", "[shim]") {
  const auto key = GENERATE(""s, "a"s, "\0"s, "\0car"s, "car\0"s);
  CHECK_THROWS_AS(split_composite_key(key), Error);
}
