#include "service/cli/json/base64.h"

#include <catch2/catch.hpp>

using namespace std::string_literals;
using ccbus::cli::decode_base64;
using ccbus::cli::encode_base64;

TEST_CASE("base64 and bytes turn into each other", "[cli]") {
  const auto [bytes, text] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foobar", "Zm9vYmFy"},
      {"\0\xff\x80"s, "AP+A"},
      {"\xfb\xff"s, "+/8="},
  }));
  CHECK(encode_base64(bytes) == text);
  REQUIRE(decode_base64(text));
  CHECK(*decode_base64(text) == bytes);
}

TEST_CASE("text that is not base64 is refused", "[cli]") {
  const auto text =
      GENERATE("Zg", "Zg=", "Z===", "====", "Zm9v=", "Zm 9", "Zm-_", "=Zg=", "Zh==", "Zg==Zg==");
  CHECK_FALSE(decode_base64(text));
}
