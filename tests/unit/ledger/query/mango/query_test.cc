#include "service/ledger/query/mango/query.h"

#include <catch2/catch.hpp>

#include "service/ledger/query/mango/bookmark.h"

using namespace ccbus;
using namespace ccbus::ledger::mango;

namespace {

std::string refusal(const std::string& query) {
  const auto parsed = Query::parse(query);
  return parsed ? "accepted" : parsed.error().message;
}

// A query with this beside its selector.
std::string with(const std::string& member) {
  return R"({"selector":{},)" + member + "}";
}

bool says(const std::string& message, const std::string& what) {
  INFO(message);
  return message.find(what) != std::string::npos;
}

std::string projected(const std::string& document, const std::string& fields) {
  const auto query = Query::parse(with(R"("fields":)" + fields));
  REQUIRE(query);
  return project(*parse_document(document), query->fields);
}

}  // namespace

TEST_CASE("a query is taken apart", "[mango]") {
  const auto query = Query::parse(
      R"({"selector":{"a":1},"fields":["a","b.c"],"sort":[{"a":"desc"},{"b":"desc"}],"limit":5,
          "skip":2,"use_index":"_design/d/n","bookmark":"x","execution_stats":true})");
  REQUIRE(query);
  CHECK(query->fields.size() == 2);
  CHECK(query->sort.size() == 2);
  CHECK(query->is_descending);
  CHECK(query->limit == 5);
  CHECK(query->skip == 2);
  CHECK(query->use_index == std::vector<std::string>{"d", "n"});
  CHECK(query->bookmark == "x");
  CHECK(Query::parse(with(R"("use_index":["d","n"])"))->use_index ==
        std::vector<std::string>{"d", "n"});
  CHECK(Query::parse(with(R"("use_index":"d")"))->use_index == std::vector<std::string>{"d"});
  CHECK(Query::parse(with(R"("use_index":null,"bookmark":null)"))->use_index.empty());
}

TEST_CASE("a query that is wrong is refused with what is wrong", "[mango]") {
  CHECK(says(refusal("{"), "not a JSON object"));
  CHECK(says(refusal("[]"), "not a JSON object"));
  CHECK(says(refusal("{}"), "Missing required key: selector"));
  CHECK(says(refusal(with(R"("foo":1)")),
             "Error:invalid_key,  Status Code:400,  Reason:Invalid key foo"));
  CHECK(refusal(with(R"("fields":"a")")) == "fields definition must be an array");
  CHECK(says(refusal(with(R"("fields":[1])")), "Invalid JSON for field spec: 1"));
  CHECK(says(refusal(with(R"("fields":["a."])")), "Invalid field name: a."));
  CHECK(says(refusal(with(R"("sort":"a")")), "Sort must be an array of sort specs, not: \"a\""));
  CHECK(says(refusal(with(R"("sort":[{"a":"up"}])")), "Invalid sort direction: \"up\""));
  CHECK(says(refusal(with(R"("sort":[1])")), "Invalid sort field: 1"));
  CHECK(says(refusal(with(R"("sort":["a",{"b":"desc"}])")),
             "Sorts currently only support a single direction for all fields."));
  CHECK(says(refusal(with(R"("limit":-1)")), "-1 is not an integer greater than or equal to zero"));
  CHECK(says(refusal(with(R"("skip":"1")")), "\"1\" is not an integer"));
  CHECK(says(refusal(with(R"("use_index":1)")), "Invalid index name: 1"));
  CHECK(says(refusal(with(R"("bookmark":1)")), "Invalid bookmark value: 1"));
  CHECK(says(refusal(with("\"fields\":[\"" + std::string(kQueryBytesMax, 'a') + "\"]")),
             "exceeds maximum allowed 65536 bytes"));
  CHECK(says(refusal(R"({"selector":{"a":)" + std::string(60, '[') + std::string(60, ']') + "}}"),
             "more than 50 levels deep"));
}

TEST_CASE("a projection has the fields that are there, in byte order", "[mango]") {
  const std::string document = R"({"z":1,"a":{"c":2,"b":3},"l":[10,20],"_id":"x"})";
  CHECK(projected(document, R"(["z","a"])") == R"({"a":{"b":3,"c":2},"z":1})");
  CHECK(projected(document, R"(["a.b"])") == R"({"a":{"b":3}})");
  CHECK(projected(document, R"(["a.b","a.c"])") == R"({"a":{"b":3,"c":2}})");
  CHECK(projected(document, R"(["a","a.c"])") == R"({"a":{"b":3,"c":2}})");
  CHECK(projected(document, R"(["l.1"])") == R"({"l":{"1":20}})");
  CHECK(projected(document, R"(["nowhere","_id"])") == "{}");
}

TEST_CASE("a bookmark comes back as it was, and nothing else does", "[mango]") {
  using namespace std::string_literals;
  const Bookmark bookmark{"0123456789abcdef", "\x01\x00\xff"s, "key\0"s};
  const auto back = Bookmark::parse(bookmark.text());
  REQUIRE(back);
  REQUIRE(*back);
  CHECK((*back)->index_id == bookmark.index_id);
  CHECK((*back)->sort_key == bookmark.sort_key);
  CHECK((*back)->key == bookmark.key);
  CHECK_FALSE(*Bookmark::parse(""));
  CHECK_FALSE(*Bookmark::parse("nil"));
  for (const char* wrong : {"x", "1", "1-", "1-61", "1-61-62", "1-6-62-63", "1-zz-62-63",
                            "1-61-62-63-64", "2-61-62-63"}) {
    INFO(wrong);
    const auto parsed = Bookmark::parse(wrong);
    REQUIRE_FALSE(parsed);
    CHECK(says(parsed.error().message, "Invalid bookmark value: \"" + std::string(wrong) + "\""));
  }
}
