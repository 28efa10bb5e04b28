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

// The notes of a file that Fabric takes.
std::string notes_of(const std::string& text) {
  const auto parsed = parse_index_definition(text, "");
  REQUIRE(parsed);
  std::string notes;
  for (const std::string& note : parsed->notes) notes += note + "\n";
  return notes;
}

bool makes_index(const std::string& text) {
  const auto parsed = parse_index_definition(text, "");
  REQUIRE(parsed);
  return parsed->config.has_value();
}

}  // namespace

TEST_CASE("an index definition is read as Fabric packages have it", "[cli][row-173][row-174]") {
  const auto read = parse_index_definition(
      R"({"index":{"fields":[{"docType":"desc"},{"owner.name":"desc"}],
                   "partial_filter_selector":{"status":{"$ne":"old"}}},
          "ddoc":"_design/ownerDoc","name":"owner","type":"json"})",
      "assets");
  REQUIRE(read);
  CHECK(read->notes.empty());
  const auto& config = read->config;
  REQUIRE(config);
  CHECK(config->collection() == "assets");
  CHECK(config->design_document() == "ownerDoc");
  CHECK(config->name() == "owner");
  REQUIRE(config->fields_size() == 2);
  CHECK(config->fields(0) == "docType");
  CHECK(config->fields(1) == "owner.name");
  CHECK(config->partial_filter_selector() == R"({"status":{"$ne":"old"}})");
}

TEST_CASE("an index without ddoc or name is named by its content", "[cli][row-173]") {
  const auto named = [](const std::string& text) {
    const auto read = parse_index_definition(text, "");
    REQUIRE(read);
    CHECK(read->notes.empty());
    REQUIRE(read->config);
    return read->config->design_document() + "/" + read->config->name();
  };
  const std::string of_a = named(R"({"index":{"fields":["a"]}})");
  CHECK(of_a.size() == 33);
  CHECK(named(R"({"index": {"fields": ["a"]}, "type": "json"})") == of_a);
  CHECK(named(R"({"index":{"fields":["b"]}})") != of_a);
  CHECK(named(R"({"index":{"fields":["a"]},"ddoc":"d"})") == "d" + of_a.substr(16));
  CHECK(named(R"({"index":{"fields":["a"]},"name":"n"})") == of_a.substr(0, 17) + "n");
}

TEST_CASE("what CouchDB refuses of a file that Fabric takes makes no index, and a note",
          "[cli][row-173]") {
  for (const char* index :
       {R"({"fields":[{"a":"ASC"}]})", R"({"fields":[{"a":"Desc"}]})", "{}", R"({"fields":[]})",
        R"({"fields":[1]})", R"({"fields":[""]})", R"({"fields":["a",{"b":"desc"}]})",
        R"({"fields":[{"a":"asc","b":"asc"}]})",
        R"({"fields":["a"],"partial_filter_selector":1})"}) {
    INFO(index);
    const std::string file = std::string(R"({"index":)") + index + R"(,"ddoc":"d","name":"n"})";
    CHECK_FALSE(makes_index(file));
    CHECK(says(notes_of(file), "no index is made, as in CouchDB"));
  }
  CHECK_FALSE(makes_index(R"({"index":{"fields":["a"]},"ddoc":""})"));
}

TEST_CASE("names that are not known are ignored with a note, and the case of names, too",
          "[cli][row-173]") {
  const std::string other_case = R"({"Index":{"Fields":["a"]},"DDOC":"d","Name":"n"})";
  CHECK(makes_index(other_case));
  CHECK(says(notes_of(other_case), "`Index` is not known; Fabric's peer does not package"));
  CHECK(says(notes_of(other_case), "`index.Fields` is not known"));
  const std::string unknown = R"({"index":{"fields":["a"],"x":1},"w":2,"partitioned":false})";
  CHECK(makes_index(unknown));
  CHECK(says(notes_of(unknown), "`index.x` is not known"));
  CHECK(says(notes_of(unknown), "`w` is not known"));
}

TEST_CASE("an index definition that Fabric refuses is refused with what is wrong",
          "[cli][row-173]") {
  const auto with_index = [](const std::string& index) {
    return definition_refusal(R"({"index":)" + index + R"(,"ddoc":"d","name":"n"})");
  };
  CHECK(says(definition_refusal("x"), "it is not JSON: invalid character 'x'"));
  CHECK(says(definition_refusal("[]"), "it is not a JSON object"));
  CHECK(says(definition_refusal("{}"), "`index` is missing"));
  CHECK(says(definition_refusal(R"({"index":{"fields":["a"]},"ddoc":1})"),
             "`ddoc` must be a text, not: 1"));
  CHECK(says(definition_refusal(R"({"index":{"fields":["a"]},"name":null})"),
             "`name` must be a text, not: null"));
  CHECK(says(definition_refusal(R"({"index":{},"type":"text"})"),
             "`type` must be \"json\", not: \"text\""));
  CHECK(says(definition_refusal(R"({"indx":{}})"), "`index` is missing"));
  CHECK(says(with_index("1"), "`index` must be an object"));
  CHECK(says(with_index(R"({"fields":"a"})"), "`index.fields` must be an array"));
  CHECK(says(with_index(R"({"fields":[{"a":"up"}]})"), R"(not: {"a":"up"})"));
  CHECK(says(with_index(R"({"fields":[{"a":1}]})"), R"(not: {"a":1})"));
}
