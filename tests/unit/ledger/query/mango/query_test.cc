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
  return project(*parse_document(document), *query->fields);
}

}  // namespace

TEST_CASE("a query is taken apart", "[mango]") {
  const auto query = Query::parse(
      R"({"selector":{"a":1},"fields":["a","b.c"],"sort":[{"a":"desc"},{"b":"desc"}],"limit":5,
          "skip":2,"use_index":"_design/d/n","bookmark":"x","execution_stats":true,
          "allow_fallback":false})");
  REQUIRE(query);
  CHECK(query->fields->size() == 2);
  CHECK(query->sort.size() == 2);
  CHECK(query->is_descending);
  CHECK(query->skip == 2);
  CHECK(query->use_index == std::vector<std::string>{"d", "n"});
  CHECK(query->bookmark == "x");
  CHECK_FALSE(query->allow_fallback);
  CHECK(Query::parse(with(R"("r":1)"))->allow_fallback);
  CHECK_FALSE(Query::parse(with(R"("r":1)"))->fields);
  CHECK(Query::parse(with(R"("use_index":["d","n"])"))->use_index ==
        std::vector<std::string>{"d", "n"});
  CHECK(Query::parse(with(R"("use_index":"d")"))->use_index == std::vector<std::string>{"d"});
  CHECK(Query::parse(with(R"("use_index":["_design/d"])"))->use_index ==
        std::vector<std::string>{"d"});
  CHECK(Query::parse(with(R"("use_index":null,"bookmark":null)"))->use_index.empty());
  CHECK(Query::parse(with(R"("use_index":[])"))->use_index.empty());
}

TEST_CASE("a query is the first value of its text, as Go's Decoder reads it",
          "[mango][row-160][row-162]") {
  CHECK(refusal(R"({"selector":{}} and more)") == "accepted");
  CHECK(refusal(R"({"selector":{}}{"selector":1})") == "accepted");
  CHECK(refusal(R"(  {"selector":{}})") == "accepted");
  CHECK(refusal(R"({"selector":1,"selector":{}})") == "accepted");
  CHECK(says(refusal(R"({"selector":{},"selector":1})"), "Selector must be a JSON object, not: 1"));
  CHECK(says(refusal(R"({"Selector":{}})"), "Missing required key: selector"));
  CHECK(refusal("") == "EOF");
  CHECK(refusal("{") == "unexpected EOF");
  CHECK(refusal("selector") == "invalid character 's' looking for beginning of value");
  CHECK(refusal(R"({"selector":{},})") ==
        "invalid character '}' looking for beginning of object key string");
  CHECK(refusal("[]") ==
        "the query is not a JSON object: json: cannot unmarshal array into Go value of type "
        "map[string]interface {}");
  CHECK(says(refusal("null"), "the query is not a JSON object"));
  CHECK(says(refusal("\"a\""), "cannot unmarshal string"));
}

TEST_CASE("a query's own limit means nothing, whatever it is", "[mango][row-157]") {
  for (const char* limit : {"1", "0", "-1", "\"x\"", "null", "1.5"}) {
    INFO(limit);
    CHECK(refusal(with(R"("limit":)" + std::string(limit))) == "accepted");
  }
}

TEST_CASE("a whole number may be written as a fraction or with an exponent", "[mango][row-161]") {
  CHECK(Query::parse(with(R"("skip":2.0)"))->skip == 2);
  CHECK(Query::parse(with(R"("skip":1e3)"))->skip == 1000);
  CHECK(Query::parse(with(R"("skip":99999999999999999999)"))->skip == UINT64_MAX);
  CHECK(says(refusal(with(R"("skip":2.5)")), "2.5 is not an integer greater than or equal to"));
  CHECK(says(refusal(with(R"("skip":-1)")), "-1 is not an integer greater than or equal to zero"));
}

TEST_CASE("the options of CouchDB are known and checked", "[mango][row-167]") {
  for (const char* option :
       {R"("r":1)", R"("r":2)", R"("conflicts":true)", R"("stale":"ok")", R"("stale":false)",
        R"("update":false)", R"("stable":true)", R"("execution_stats":false)",
        R"("allow_fallback":true)", R"("allow_fallback":false)", R"("partition":"")"}) {
    INFO(option);
    CHECK(refusal(with(option)) == "accepted");
  }
  CHECK(says(refusal(with(R"("r":0)")), "0 is not an integer greater than zero"));
  CHECK(says(refusal(with(R"("conflicts":1)")), "Invalid boolean value: 1"));
  CHECK(says(refusal(with(R"("allow_fallback":"no")")), "Invalid boolean value: \"no\""));
  CHECK(says(refusal(with(R"("stale":"update_after")")), "should be ok or false"));
  CHECK(says(refusal(with(R"("partition":"p")")), "`partition` parameter is not supported"));
}

TEST_CASE("a query that is wrong is refused with what is wrong", "[mango]") {
  CHECK(says(refusal("{}"), "Missing required key: selector"));
  CHECK(says(refusal(with(R"("foo":1)")),
             "Error:invalid_key,  Status Code:400,  Reason:Invalid key foo"));
  CHECK(refusal(with(R"("fields":"a")")) == "fields definition must be an array");
  CHECK(says(refusal(with(R"("fields":[1])")), "Invalid JSON for field spec: 1"));
  CHECK(says(refusal(with(R"("fields":["a."])")), "Invalid field name: a."));
  CHECK(says(refusal(with(R"("sort":"a")")), "Sort must be an array of sort specs, not: \"a\""));
  CHECK(says(refusal(with(R"("sort":[{"a":"up"}])")), "Invalid sort field: {\"a\":\"up\"}"));
  CHECK(says(refusal(with(R"("sort":[{"a":"ASC"}])")), "Invalid sort field: {\"a\":\"ASC\"}"));
  CHECK(says(refusal(with(R"("sort":[""])")), "Invalid sort field: \"\""));
  CHECK(says(refusal(with(R"("sort":[{"a":"asc","b":"asc"}])")), "Invalid sort field: {"));
  CHECK(says(refusal(with(R"("sort":[1])")), "Invalid sort field: 1"));
  CHECK(says(refusal(with(R"("sort":["a",{"b":"desc"}])")),
             "Sorts currently only support a single direction for all fields."));
  CHECK(says(refusal(with(R"("skip":"1")")), "\"1\" is not an integer"));
  CHECK(says(refusal(with(R"("use_index":1)")), "Invalid index name: 1"));
  CHECK(says(refusal(with(R"("use_index":"a/b/c")")), "Invalid index name: \"a/b/c\""));
  CHECK(says(refusal(with(R"("use_index":["a","b","c"])")), "Invalid index name: ["));
  CHECK(says(refusal(with(R"("bookmark":1)")), "Invalid bookmark value: 1"));
  CHECK(says(refusal(with("\"fields\":[\"" + std::string(kQueryBytesMax, 'a') + "\"]")),
             "exceeds maximum allowed 65536 bytes"));
  CHECK(says(refusal(R"({"selector":{"a":)" + std::string(60, '[') + std::string(60, ']') + "}}"),
             "more than 50 levels deep"));
}

TEST_CASE("a projection has the fields that are there, in byte order", "[mango][row-167]") {
  const std::string document = R"({"z":1,"a":{"c":2,"b":3},"l":[10,20],"_id":"x"})";
  CHECK(projected(document, R"(["z","a"])") == R"({"a":{"b":3,"c":2},"z":1})");
  CHECK(projected(document, R"(["a.b"])") == R"({"a":{"b":3}})");
  CHECK(projected(document, R"(["a.b","a.c"])") == R"({"a":{"b":3,"c":2}})");
  CHECK(projected(document, R"(["a","a.c"])") == R"({"a":{"b":3,"c":2}})");
  CHECK(projected(document, R"(["l.1"])") == R"({"l":{"1":20}})");
  CHECK(projected(document, R"(["nowhere","_id","_rev","~version"])") == "{}");
  CHECK(projected(document, "[]") == "{}");
  CHECK(projected(document, R"(["a.b","a"])") == R"({"a":{"b":3,"c":2}})");
}

TEST_CASE("a projection has the numbers and texts that Fabric has in CouchDB", "[mango][row-175]") {
  const std::string document =
      R"({"n":[2.0,1e3,18446744073709551616,1e21,0.10],"s":"\ud83d","t":"<&>"})";
  CHECK(projected(document, R"(["n"])") == R"({"n":[2,1000,18446744073709552000,1e+21,0.1]})");
  CHECK(projected(document, R"(["s"])") == "{\"s\":\"\xef\xbf\xbd\"}");
  CHECK(projected(document, R"(["t"])") == R"({"t":"\u003c\u0026\u003e"})");
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
