#include "service/ledger/query/mango/selector.h"

#include <catch2/catch.hpp>

#include "tests/unit/ledger/query/mango/selector_cases.h"

using namespace ccbus;
using namespace ccbus::ledger::mango;
using namespace ccbus::test;

namespace {

Json json(const std::string& text) {
  const auto parsed = parse_query(text);
  REQUIRE(parsed);
  return *parsed;
}

std::string refusal(const std::string& selector) {
  const auto parsed = Selector::parse(json(selector));
  return parsed ? "accepted" : parsed.error().message;
}

std::string reason(const std::string& code, const std::string& reason) {
  return "error handling CouchDB request. Error:" + code + ",  Status Code:400,  Reason:" + reason;
}

}  // namespace

TEST_CASE("a selector finds the documents that it finds in Fabric on CouchDB",
          "[mango][row-158][row-159][row-160][row-161][row-163][row-164][row-177][row-178]") {
  const SelectorCases all = read_selector_cases();
  REQUIRE(all.cases.size() >= 400);
  for (const SelectorCase& one : all.cases) {
    INFO(one.name << " (" << one.source << "): " << one.selector);
    const auto selector = Selector::parse(json(one.selector));
    CHECK(selector);
    if (!selector) continue;
    std::vector<std::string> found;
    for (const auto& [key, value] : all.sets.at(one.set)) {
      const auto document = parse_document(value);
      if (document && selector->matches(key, *document)) found.push_back(key);
    }
    CHECK(found == one.keys);
  }
}

TEST_CASE("a selector that is wrong is refused in CouchDB's words", "[mango]") {
  const auto bad = [](const std::string& op, const std::string& argument) {
    return reason("bad_arg", "Bad argument for operator " + op + ": " + argument);
  };
  CHECK(refusal(R"({"a": {"$foo": 1}})") == reason("invalid_operator", "Invalid operator: $foo"));
  CHECK(refusal(R"({"$foo": 1})") == reason("invalid_operator", "Invalid operator: $foo"));
  CHECK(refusal(R"({"a": {"$elemMatch": {"$foo": 1}}})") ==
        reason("invalid_operator", "Invalid operator: $foo"));
  CHECK(refusal(R"({"a": {"$where": 1}})") ==
        reason("not_supported", "Unsupported operator: $where"));
  CHECK(refusal(R"({"$and": {"a": 1}})") == bad("$and", R"({"a":1})"));
  CHECK(refusal(R"({"$or": 1})") == bad("$or", "1"));
  CHECK(refusal(R"({"$nor": null})") == bad("$nor", "null"));
  CHECK(refusal(R"({"$not": [1]})") == bad("$not", "[1]"));
  CHECK(refusal(R"({"a": {"$in": 1}})") == bad("$in", "1"));
  CHECK(refusal(R"({"a": {"$nin": "x"}})") == bad("$nin", "\"x\""));
  CHECK(refusal(R"({"a": {"$all": {}}})") == bad("$all", "{}"));
  CHECK(refusal(R"({"a": {"$exists": 1}})") == bad("$exists", "1"));
  CHECK(refusal(R"({"a": {"$type": 1}})") == bad("$type", "1"));
  CHECK(refusal(R"({"a": {"$size": -1}})") == bad("$size", "-1"));
  CHECK(refusal(R"({"a": {"$size": 1.5}})") == bad("$size", "1.5"));
  CHECK(refusal(R"({"a": {"$mod": [0, 1]}})") == bad("$mod", "[0,1]"));
  CHECK(refusal(R"({"a": {"$mod": [2]}})") == bad("$mod", "[2]"));
  CHECK(refusal(R"({"a": {"$mod": [2, 1.5]}})") == bad("$mod", "[2,1.5]"));
  CHECK(refusal(R"({"a": {"$elemMatch": 1}})") == bad("$elemMatch", "1"));
  CHECK(refusal(R"({"a": {"$beginsWith": 1}})") ==
        reason("invalid_operator", "Invalid operator: $beginsWith"));
  CHECK(refusal(R"({"a": {"$regex": 1}})") == bad("$regex", "1"));
  CHECK(refusal(R"({"a": {"$regex": "("}})") == bad("$regex", R"("(" (missing ): ())"));
  CHECK(refusal(R"({"a": {"$regex": "(a)\\1"}})").find("invalid escape sequence") !=
        std::string::npos);
  CHECK(refusal(R"({"a": {"$mod": [2, 0.5]}})") == bad("$mod", "[2,0.5]"));
  CHECK(refusal(R"({"a": {"$mod": [2, "1"]}})") == bad("$mod", "[2,\"1\"]"));
  CHECK(refusal(R"({"a": {"$mod": 2}})") == bad("$mod", "2"));
  CHECK(refusal(R"({"a": {"$size": "1"}})") == bad("$size", "\"1\""));
  CHECK(refusal(R"({"a..b": 5})") == reason("invalid_field_name", "Invalid field name: a..b"));
  CHECK(refusal("[]") ==
        reason("invalid_selector_json", "Selector must be a JSON object, not: []"));
}

TEST_CASE("a condition at the top that has no field is refused, further down it is not",
          "[mango][row-164]") {
  const std::string missing =
      reason("invalid_selector", "One or more conditions is missing a field name.");
  for (const char* selector :
       {R"({"$gt": 5})", R"({"$eq": {}})", R"({"$not": {}})", R"({"$not": {"$gt": 5}})",
        R"({"$not": {"$not": {"$gt": 5}}})", R"({"$elemMatch": {"$eq": 1}})", R"({"$in": []})",
        R"({"$exists": true})"}) {
    INFO(selector);
    CHECK(refusal(selector) == missing);
  }
  for (const char* selector :
       {R"({"$and": [{}]})", R"({"$and": [{"$gt": 5}]})", R"({"$or": [5]})", R"({"$nor": [{}]})",
        R"({"a": 1, "$gt": 5})", R"({"$gt": 5, "$lt": 7})", R"({"$not": {"$and": [{}]}})"}) {
    INFO(selector);
    CHECK(refusal(selector) == "accepted");
  }
}

TEST_CASE("patterns are bounded in size, memory and number", "[mango]") {
  CHECK(refusal(R"({"a": {"$regex": ")" + std::string(kRegexBytesMax, 'a') + R"("}})") ==
        "accepted");
  CHECK(refusal(R"({"a": {"$regex": ")" + std::string(kRegexBytesMax + 1, 'a') + R"("}})")
            .find("1000 bytes") != std::string::npos);
  CHECK(refusal(R"({"a": {"$regex": "((a{100}){100}){100}"}})").find("$regex") !=
        std::string::npos);
  std::string many;
  for (std::size_t i = 0; i < kRegexesMax; ++i) many += R"({"a": {"$regex": "x"}},)";
  CHECK(
      refusal(R"({"$or": [)" + many + R"({"a": {"$regex": "x"}}]})").find("at most 20 patterns") !=
      std::string::npos);
}
