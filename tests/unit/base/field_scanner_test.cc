#include "service/base/field_scanner.h"

#include <catch2/catch.hpp>
#include <string>

namespace ccbus {

using namespace std::string_literals;

TEST_CASE("fields come in their order") {
  const std::string encoded = "\x08\x96\x01\x12\x03one\x1a\x00"s;
  FieldScanner fields(encoded);
  REQUIRE(fields.next());
  CHECK(fields.is_varint(1));
  CHECK(fields.varint() == 150);
  REQUIRE(fields.next());
  CHECK(fields.is_text(2));
  CHECK(fields.bytes() == "one");
  REQUIRE(fields.next());
  CHECK(fields.is_bytes(3));
  CHECK(fields.bytes().empty());
  CHECK_FALSE(fields.next());
  CHECK(fields.is_sound());
}

TEST_CASE("no bytes have no fields") {
  FieldScanner fields("");
  CHECK_FALSE(fields.next());
  CHECK(fields.is_sound());
}

TEST_CASE("text is what is ASCII throughout") {
  for (std::size_t size = 1; size < 20; ++size) {
    for (std::size_t odd = 0; odd < size; ++odd) {
      std::string text(size, 'a');
      const std::string plain = "\x0a" + std::string(1, static_cast<char>(size)) + text;
      text[odd] = '\xc3';
      const std::string encoded = "\x0a" + std::string(1, static_cast<char>(size)) + text;
      FieldScanner good(plain);
      REQUIRE(good.next());
      CHECK(good.is_text(1));
      FieldScanner bad(encoded);
      REQUIRE(bad.next());
      CHECK(bad.is_bytes(1));
      CHECK_FALSE(bad.is_text(1));
    }
  }
}

TEST_CASE("what is not plain stops the scan") {
  for (const std::string& encoded :
       {"\x0a"s, "\x0a\x02z"s, "\x00\x01"s, "\x0b\x0c"s, "\x0d\x01\x02\x03\x04"s, "\x82\x01\x00"s,
        "\x08\xff\xff\xff\xff\x0f"s, "\x0a\xff"s}) {
    FieldScanner fields(encoded);
    CHECK_FALSE(fields.next());
    CHECK_FALSE(fields.is_sound());
  }
}

}  // namespace ccbus
