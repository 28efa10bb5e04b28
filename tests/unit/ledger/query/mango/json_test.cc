#include "service/ledger/query/mango/json.h"

#include <catch2/catch.hpp>
#include <string>

#include "service/ledger/query/mango/collation.h"
#include "service/ledger/query/mango/query.h"
#include "service/ledger/query/mango/selector.h"

using namespace ccbus::ledger::mango;

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

TEST_CASE("a document is parsed up to the depth limit, and not beyond", "[ledger][mango]") {
  CHECK(parse_document(nested(kDocumentDepthMax)));
  CHECK_FALSE(parse_document(nested(kDocumentDepthMax + 1)));
  CHECK_FALSE(parse_document(repeated(R"({"a":)", 1'000'000)));
}

TEST_CASE("documents of the largest depth are compared, sorted and matched", "[ledger][mango]") {
  const auto a = parse_document(nested(kDocumentDepthMax));
  const auto b = parse_document(nested(kDocumentDepthMax - 1));
  REQUIRE(a);
  REQUIRE(b);
  CHECK(compare(*a, *a) == 0);
  CHECK(compare(*a, *b) > 0);
  std::string key_of_a, key_of_b;
  append_sort_key(key_of_a, *a);
  append_sort_key(key_of_b, *b);
  CHECK(key_of_a > key_of_b);
  const auto selector = Selector::parse(*parse_json(R"({"a":{"$exists":true}})", kQueryDepthMax));
  REQUIRE(selector);
  CHECK(selector->matches("key", *a));
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
