#include "service/load/plan/argument_template.h"

#include <catch2/catch.hpp>

using namespace ccbus::load;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> expand(const std::vector<std::string>& arguments) {
  const auto parsed = ArgumentTemplate::parse(arguments);
  REQUIRE(parsed);
  return parsed->expand({17, "a-key", "a-value"});
}

}  // namespace

TEST_CASE("placeholders are filled in, wherever they stand", "[load]") {
  CHECK(expand({"Create", "a{{n}}", "{{key}}{{payload}}!", ""}) ==
        std::vector<std::string>{"Create", "a17", "a-keya-value!", ""});
}

TEST_CASE("single braces are text, as JSON has them", "[load]") {
  CHECK(expand({R"({"id":{"n":"{{n}}"}})"}) == std::vector<std::string>{R"({"id":{"n":"17"}})"});
}

TEST_CASE("what is filled in is not looked at again", "[load]") {
  const auto parsed = ArgumentTemplate::parse({"{{key}}"});
  REQUIRE(parsed);
  CHECK(parsed->expand({0, "{{n}}", ""}) == std::vector<std::string>{"{{n}}"});
}

TEST_CASE("a placeholder that is not known or has no end is refused by name", "[load]") {
  CHECK(ArgumentTemplate::parse({"{{user}}"}).error().message ==
        "-c: {{user}} is not known; {{n}}, {{key}} and {{payload}} are");
  CHECK_THAT(ArgumentTemplate::parse({"a{{n"}).error().message, Contains("'{{n' has no }}"));
}

TEST_CASE("a template knows whether it needs keys", "[load]") {
  CHECK(ArgumentTemplate::parse({"a", "{{key}}"})->uses_key());
  CHECK_FALSE(ArgumentTemplate::parse({"{{n}}"})->uses_key());
}
