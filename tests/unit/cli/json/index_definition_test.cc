#include "service/cli/json/index_definition.h"

#include <catch2/catch.hpp>

#include "ccbus/definition.pb.h"

using namespace ccbus;
using namespace ccbus::cli;

namespace {

std::string definition_refusal(const std::string& text) {
  const auto parsed = parse_index_definition(text, "");
  return parsed ? "accepted" : parsed.error().message;
}

bool says(const std::string& message, const std::string& what) {
  INFO(message);
  return message.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("an index definition is read as Fabric packages have it", "[cli]") {
  const auto config = parse_index_definition(
      R"({"index":{"fields":["docType",{"owner.name":"desc"}]},"ddoc":"ownerDoc","name":"owner",
          "type":"json"})",
      "assets");
  REQUIRE(config);
  CHECK(config->collection() == "assets");
  CHECK(config->design_document() == "ownerDoc");
  CHECK(config->name() == "owner");
  REQUIRE(config->fields_size() == 2);
  CHECK(config->fields(0) == "docType");
  CHECK(config->fields(1) == "owner.name");
}

TEST_CASE("an index definition that is wrong is refused with what is wrong", "[cli]") {
  const auto with_index = [](const std::string& index) {
    return definition_refusal(R"({"index":)" + index + R"(,"ddoc":"d","name":"n"})");
  };
  CHECK(says(definition_refusal("x"), "not a JSON object"));
  CHECK(says(definition_refusal(R"({"index":{"fields":["a"]},"name":"n"})"), "`ddoc` is missing"));
  CHECK(says(definition_refusal(R"({"index":{"fields":["a"]},"ddoc":"d"})"), "`name` is missing"));
  CHECK(says(definition_refusal(R"({"index":{"fields":["a"]},"ddoc":1,"name":"n"})"),
             "`ddoc` must be a text, not: 1"));
  CHECK(says(definition_refusal(R"({"index":{},"ddoc":"d","name":"n","type":"text"})"),
             "`type` must be \"json\", not: \"text\""));
  CHECK(says(definition_refusal(R"({"indx":{}})"), "`indx` is not known"));
  CHECK(says(with_index("1"), "`index` must be an object"));
  CHECK(says(with_index("{}"), "`index.fields` must be an array"));
  CHECK(says(with_index(R"({"fields":[1]})"), "not: 1"));
  CHECK(says(with_index(R"({"fields":[{"a":"up"}]})"), R"(not: {"a":"up"})"));
  CHECK(says(with_index(R"({"fields":["a"],"partial_filter_selector":{}})"),
             "`index.partial_filter_selector` is not supported"));
}
