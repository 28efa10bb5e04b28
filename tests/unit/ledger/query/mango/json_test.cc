#include "service/ledger/query/mango/json.h"

#include <catch2/catch.hpp>
#include <string>

#include "service/base/gojson/decode.h"
#include "service/ledger/query/mango/collation.h"
#include "service/ledger/query/mango/query.h"
#include "service/ledger/query/mango/selector.h"

using namespace ccbus::ledger::mango;
using ccbus::gojson::kDepthMax;

namespace {

std::string repeated(const std::string& text, std::size_t count) {
  std::string all;
  for (; count > 0; --count) all += text;
  return all;
}

// So many objects within each other, with arrays between them.
std::string nested(std::size_t depth) {
  const std::size_t pairs = (depth - 1) / 2;
  return repeated(R"({"a":[)", pairs) + (depth % 2 == 0 ? R"({"a":{}})" : "{}") +
         repeated("]}", pairs);
}

}  // namespace

TEST_CASE("a document is read as deep as Go reads it, and not deeper", "[ledger][mango][row-176]") {
  CHECK(parse_document(nested(kDepthMax)));
  CHECK_FALSE(parse_document(nested(kDepthMax + 1)));
  CHECK_FALSE(parse_document(repeated(R"({"a":)", 1'000'000)));
}

TEST_CASE("documents of the largest depth are sorted, matched and projected", "[ledger][mango]") {
  const auto a = parse_document(nested(kDepthMax));
  const auto b = parse_document(nested(kDepthMax - 1));
  REQUIRE(a);
  REQUIRE(b);
  std::string key_of_a, key_of_b;
  append_sort_key(key_of_a, *a);
  append_sort_key(key_of_b, *b);
  CHECK(key_of_a > key_of_b);
  const auto selector = Selector::parse(*parse_query(R"({"a":{"$exists":true}})"));
  REQUIRE(selector);
  CHECK(selector->matches("key", *a));
  const auto query = Query::parse(R"({"selector":{},"fields":["a"]})");
  REQUIRE(query);
  CHECK(project(*a, *query->fields) == nested(kDepthMax));
}

TEST_CASE("a value is a document if Go decodes it to an object", "[ledger][mango]") {
  for (const char* document : {"{}", " \n{\"a\":1}\t", R"({"a":"\ud83d"})", "{\"a\":\"\xff\"}"}) {
    INFO(document);
    CHECK(parse_document(document));
  }
  for (const char* other : {"", "null", "[]", "1", "\"a\"", "{", "{} x", "{a:1}", "{\"a\":01}",
                            "{\"a\":1e400}", "\xef\xbb\xbf{}", "{\"a\":\"\n\"}"}) {
    INFO(other);
    CHECK_FALSE(parse_document(other));
  }
  CHECK(read_document("{\"a\":\"\xff\"}")->has_replacements);
  CHECK_FALSE(read_document("{\"a\":\"\xc3\xa4\"}")->has_replacements);
}

TEST_CASE("a selector may be nested up to the depth limit, and not beyond", "[ledger][mango]") {
  const auto query_of_depth = [](std::size_t depth) {  // One level is the query's own.
    const std::size_t pairs = (depth - 2) / 2;
    return R"({"selector":)" + repeated(R"({"$and":[)", pairs) +
           (depth % 2 == 0 ? R"({"a":1})" : R"({"a":{"$eq":1}})") + repeated("]}", pairs) + "}";
  };
  const auto deepest = Query::parse(query_of_depth(kQueryDepthMax));
  REQUIRE(deepest);
  CHECK(deepest->selector.matches("key", *parse_document(R"({"a":1})")));
  CHECK_FALSE(deepest->selector.matches("key", *parse_document(R"({"a":2})")));
  CHECK_FALSE(Query::parse(query_of_depth(kQueryDepthMax + 1)));
  CHECK_FALSE(Query::parse(query_of_depth(10'000)));
}
