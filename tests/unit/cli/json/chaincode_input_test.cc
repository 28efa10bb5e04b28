#include "service/cli/json/chaincode_input.h"

#include <catch2/catch.hpp>

using ccbus::cli::parse_chaincode_input;
using Args = std::vector<std::string>;

TEST_CASE("the function comes first, in either way of writing it", "[cli]") {
  const auto [text, args] = GENERATE(table<std::string, Args>({
      {R"({"Args":["Create","a1"]})", {"Create", "a1"}},
      {R"({"args":["Create"]})", {"Create"}},
      {R"({"function":"Create","Args":["a1"]})", {"Create", "a1"}},
      {R"({"Args":["a1"],"Function":"Create"})", {"Create", "a1"}},
      {R"({"function":"Create"})", {"Create"}},
      {R"({"Args":[]})", {}},
      {R"( {"Args" : ["", "\u00e9", "{}"]} )", {"", "\xc3\xa9", "{}"}},
  }));
  const auto parsed = parse_chaincode_input(text);
  REQUIRE(parsed);
  CHECK(*parsed == args);
}

TEST_CASE("what is wrong with an input is said, and where", "[cli]") {
  const auto [text, message] = GENERATE(table<std::string, std::string>({
      {R"({"Args":["a"])", "parse error at line 1, column"},
      {R"({"Args":[1e999]})", "-c is not valid JSON: number overflow parsing '1e999'"},
      {"", "-c is not valid JSON: parse error at line 1, column 1"},
      {R"({"Args":["a",5]})", "Args[1] is 5, a JSON number; every argument has to be a string"},
      {R"({"Args":[["a"]]})", R"(Args[0] is ["a"], a JSON array)"},
      {R"({"Args":"a"})", "Args is a JSON string; it has to be an array"},
      {R"(["a"])", "-c takes a JSON object, not a JSON array"},
      {R"({})", "Args is missing"},
      {R"({"function":5,"Args":[]})", "function is 5, not a string"},
      {R"({"Args":[],"arguments":[]})", "'arguments' is not known"},
      {R"({"Args":[],"args":[]})", "both spellings"},
  }));
  const auto parsed = parse_chaincode_input(text);
  REQUIRE_FALSE(parsed);
  CHECK_THAT(parsed.error().message, Catch::Contains(message));
}
