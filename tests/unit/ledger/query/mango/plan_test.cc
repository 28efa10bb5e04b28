#include "service/ledger/query/mango/plan.h"

#include <catch2/catch.hpp>
#include <initializer_list>

using namespace ccbus;
using namespace ccbus::ledger::mango;

namespace {

// Its design document is "d" and its name its fields.
Index index_on(std::initializer_list<const char*> fields) {
  ccbus::IndexConfig config;
  config.set_design_document("d");
  for (const char* field : fields) {
    config.add_fields(field);
    config.set_name(config.name() + (config.name().empty() ? "" : ",") + field);
  }
  return *Index::of(config);
}

struct Planned {
  std::string index;  // Empty: none.
  bool is_sorted;
  bool is_reverse;
  std::string advice;
};

Planned planned(const std::string& query) {
  const auto parsed = Query::parse(query);
  INFO(query);
  REQUIRE(parsed);
  const std::vector<Index> indexes = {index_on({"type"}), index_on({"type", "owner"}),
                                      index_on({"type", "size"}), index_on({"size"}),
                                      index_on({"type", "a.b", "_id"})};
  const Plan plan = make_plan(*parsed, indexes);
  return {plan.index != nullptr ? plan.index->name : "", plan.is_sorted, plan.is_reverse,
          plan.advice};
}

std::string index_for(const std::string& selector) {
  return planned(R"({"selector":)" + selector + "}").index;
}

}  // namespace

TEST_CASE("the index serves whose fields the selector binds, as many as there are", "[mango]") {
  CHECK(index_for(R"({"type":"a"})") == "type");
  CHECK(index_for(R"({"type":"a","owner":"o"})") == "type,owner");
  CHECK(index_for(R"({"type":"a","size":{"$gt":1}})") == "type,size");
  CHECK(index_for(R"({"size":{"$gt":1}})") == "size");
  CHECK(index_for(R"({"$and":[{"size":{"$gt":1}},{"x":1}]})") == "size");
  CHECK(index_for(R"({"a":{"b":1},"type":"x"})") == "type,a.b,_id");
  CHECK(index_for(R"({"owner":"o"})") == "");
  CHECK(index_for(R"({})") == "");
}

TEST_CASE("an index that may lack a match does not serve", "[mango]") {
  // type,owner has no document without an owner.
  CHECK(index_for(R"({"type":"a","owner":{"$exists":false}})") == "type");
  CHECK(index_for(R"({"$or":[{"type":"a"},{"size":1}]})") == "");
  CHECK(index_for(R"({"type":{"$exists":false}})") == "");
  CHECK(index_for(R"({"$not":{"type":{"$exists":true}}})") == "");
}

TEST_CASE("an index that only lists all its documents does not serve", "[mango]") {
  CHECK(index_for(R"({"type":{"$ne":"a"}})") == "");
  CHECK(index_for(R"({"type":{"$regex":"a"}})") == "");
}

TEST_CASE("a sort is an index's, or done in memory", "[mango]") {
  const auto sorted = [](const std::string& selector, const std::string& sort) {
    return planned(R"({"selector":)" + selector + R"(,"sort":)" + sort + "}");
  };
  CHECK(sorted("{}", R"(["size"])").index == "size");
  CHECK(sorted("{}", R"(["size"])").is_sorted);
  CHECK_FALSE(sorted("{}", R"(["size"])").is_reverse);
  CHECK(sorted("{}", R"([{"size":"desc"}])").is_reverse);
  CHECK(sorted(R"({"type":"a"})", R"(["size"])").index == "type,size");
  CHECK(sorted(R"({"type":"a"})", R"(["size"])").is_sorted);
  CHECK(sorted(R"({"type":"a"})", R"(["type","size"])").index == "type,size");
  CHECK(sorted(R"({"type":{"$gt":"a"}})", R"(["owner"])").index == "type");
  CHECK_FALSE(sorted(R"({"type":{"$gt":"a"}})", R"(["owner"])").is_sorted);
  CHECK_FALSE(sorted("{}", R"(["owner"])").is_sorted);
  CHECK(sorted("{}", R"(["_id"])").is_sorted);
  CHECK_FALSE(sorted("{}", R"([{"_id":"desc"}])").is_sorted);
}

TEST_CASE("use_index is followed where it can serve, and else there is a note", "[mango]") {
  const auto used = [](const std::string& selector, const std::string& use_index) {
    return planned(R"({"selector":)" + selector + R"(,"use_index":)" + use_index + "}");
  };
  CHECK(used(R"({"type":"a","size":1})", R"(["d","type"])").index == "type");
  CHECK(used(R"({"type":"a","size":1})", R"("d")").index == "type,size");
  const Planned other = used(R"({"type":"a"})", R"(["d","size"])");
  CHECK(other.index == "type");
  CHECK(other.advice ==
        "d, size was not used because it does not contain a valid index for this query.");
  CHECK(used(R"({"type":"a"})", R"("nowhere")").index == "type");
}

TEST_CASE("a query without an index says which one would have served", "[mango]") {
  const auto advice = [](const std::string& query) { return planned(query).advice; };
  CHECK(advice(R"({"selector":{"owner":"o"}})") ==
        R"({"index":{"fields":["owner"]},"type":"json"})");
  CHECK(advice(R"({"selector":{"owner":"o","color":{"$gt":1}}})") ==
        R"({"index":{"fields":["owner","color"]},"type":"json"})");
  CHECK(advice(R"({"selector":{"owner":"o"},"sort":["color"]})") ==
        R"({"index":{"fields":["owner","color"]},"type":"json"})");
  CHECK(advice(R"({"selector":{}})").empty());
  CHECK(advice(R"({"selector":{"type":"a"}})").empty());
}

TEST_CASE("an id bounds the keys that are looked at", "[mango]") {
  const auto bounds = [](const std::string& condition) {
    const auto query = Query::parse(R"({"selector":{"_id":)" + condition + "}}");
    REQUIRE(query);
    const Plan plan = make_plan(*query, {});
    return plan.start + "|" + plan.end;
  };
  using namespace std::string_literals;
  CHECK(bounds(R"("k")") == "k|k\0"s);
  CHECK(bounds(R"({"$gt":"a","$lt":"c"})") == "a|c");
  CHECK(bounds(R"({"$gte":"a","$lte":"c"})") == "a|c\0"s);
  CHECK(bounds(R"({"$gt":null})") == "|");
}
