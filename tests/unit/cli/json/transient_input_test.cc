#include "service/cli/json/transient_input.h"

#include <catch2/catch.hpp>

using ccbus::cli::parse_transient_input;

TEST_CASE("transient data comes as base64 under its keys", "[cli]") {
  const auto parsed = parse_transient_input(R"({"secret":"AP8=","empty":""})");
  REQUIRE(parsed);
  CHECK(parsed->at("secret") == std::string("\0\xff", 2));
  CHECK(parsed->at("empty").empty());
  CHECK(parsed->size() == 2);
}

TEST_CASE("transient data that is wrong is refused, and its key is named", "[cli]") {
  const auto [text, message] = GENERATE(table<std::string, std::string>({
      {R"({"secret":"AP8"})", "'secret': base64 comes in groups of four"},
      {R"({"secret":5})", "'secret' is 5"},
      {R"({"secret")", "--transient is not valid JSON: parse error at line 1"},
      {R"([])", "--transient takes a JSON object, not a JSON array"},
  }));
  const auto parsed = parse_transient_input(text);
  REQUIRE_FALSE(parsed);
  CHECK_THAT(parsed.error().message, Catch::Contains(message));
}
