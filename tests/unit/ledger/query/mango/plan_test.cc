#include "service/ledger/query/mango/plan.h"

#include <catch2/catch.hpp>
#include <initializer_list>
#include <utility>
#include <vector>

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
  std::string index;  // Empty: none, or the error.
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
  const auto plan = make_plan(*parsed, indexes);
  if (!plan) return {plan.error().message, false, false, ""};
  return {plan->index != nullptr ? plan->index->name : "", plan->is_sorted, plan->is_reverse,
          plan->advice};
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

const std::string kNoUsableIndex =
    "error handling CouchDB request. Error:no_usable_index,  Status Code:400,  Reason:No index "
    "exists for this sort, try indexing by the sort fields.";

TEST_CASE("a sort needs an index that has its fields in its order", "[mango][row-165]") {
  const auto sorted = [](const std::string& selector, const std::string& sort) {
    return planned(R"({"selector":)" + selector + R"(,"sort":)" + sort + "}");
  };
  CHECK(sorted("{}", R"(["size"])").index == "size");
  CHECK(sorted("{}", R"(["size"])").is_sorted);
  CHECK_FALSE(sorted("{}", R"(["size"])").is_reverse);
  CHECK(sorted("{}", R"([{"size":"desc"}])").is_reverse);
  CHECK(sorted(R"({"type":"a"})", R"(["size"])").index == "type,size");
  CHECK(sorted(R"({"type":"a"})", R"(["type","size"])").index == "type,size");
  CHECK(sorted("{}", R"(["type"])").index == "type");
  CHECK(sorted(R"({"type":"a","a":{"b":1}})", R"(["_id"])").index == "type,a.b,_id");
  CHECK(sorted(R"({"_id":{"$gt":"a"}})", R"(["_id"])").is_sorted);
  CHECK_FALSE(sorted(R"({"_id":{"$gt":"a"}})", R"([{"_id":"desc"}])").is_sorted);
  for (const auto& [selector, sort] : std::vector<std::pair<std::string, std::string>>{
           {"{}", R"(["owner"])"},
           {R"({"type":{"$gt":"a"}})", R"(["owner"])"},
           {R"({"type":{"$gt":"a"}})", R"(["size","type"])"},
           {R"({"owner":"o"})", R"(["owner"])"},
           {R"({"$or":[{"type":"a"}]})", R"(["size","owner"])"},
           {"{}", R"(["size","_id"])"},
           {"{}", R"(["_id"])"},
           {R"({"type":"a"})", R"(["_id"])"},
           {"{}", R"([{"_id":"desc"}])"}}) {
    INFO(selector << " " << sort);
    CHECK(sorted(selector, sort).index == kNoUsableIndex);
  }
}

TEST_CASE("the fields of the sort have to exist, the other fields of the index be asked for",
          "[mango][row-165]") {
  const auto sorted = [](const std::string& selector) {
    return planned(R"({"selector":)" + selector + R"(,"sort":["type"]})").index;
  };
  CHECK(sorted(R"({"type":{"$gt":"a"},"size":1})") == "type,size");
  CHECK(sorted(R"({"size":{"$exists":false}})") == "type");
}

TEST_CASE("an index that is being built gives its order, by a sort in memory", "[mango]") {
  const auto query = Query::parse(R"({"selector":{"size":{"$gt":1}},"sort":["size"]})");
  std::vector<Index> indexes = {index_on({"size"})};
  indexes[0].is_complete = false;
  const auto plan = make_plan(*query, indexes);
  REQUIRE(plan);
  CHECK(plan->index == nullptr);
  CHECK_FALSE(plan->is_sorted);
  CHECK_FALSE(plan_with(*query, indexes[0]));
  indexes.push_back(index_on({"size", "_id"}));
  CHECK(make_plan(*query, indexes)->index == &indexes[1]);
}

TEST_CASE("a partial index serves where use_index names it, and nowhere else", "[mango][row-174]") {
  ccbus::IndexConfig config;
  config.set_design_document("p");
  config.set_name("open");
  config.add_fields("type");
  config.set_partial_filter_selector(R"({"status":"open"})");
  std::vector<Index> indexes = {*Index::of(config)};
  const auto plan_of = [&indexes](const std::string& query) {
    return make_plan(*Query::parse(query), indexes);
  };
  CHECK(plan_of(R"({"selector":{"type":"a"}})")->index == nullptr);
  CHECK(plan_of(R"({"selector":{"type":"a"},"use_index":"p"})")->index == &indexes[0]);
  CHECK(plan_of(R"({"selector":{"type":"a"},"use_index":["p","open"]})")->index == &indexes[0]);
  CHECK_FALSE(plan_of(R"({"selector":{},"sort":["type"]})"));
  CHECK(plan_of(R"({"selector":{},"sort":["type"],"use_index":"p"})")->index == &indexes[0]);
  indexes[0].is_complete = false;
  const auto plan = plan_of(R"({"selector":{"type":"a"},"use_index":"p"})");
  CHECK(plan->index == nullptr);
  REQUIRE(plan->filter);
  CHECK(plan->filter->matches("k", *parse_document(R"({"status":"open"})")));
}

TEST_CASE("without a fallback use_index has to name an index that serves", "[mango][row-166]") {
  const auto strict = [](const std::string& selector, const std::string& rest) {
    return planned(R"({"selector":)" + selector + R"(,"allow_fallback":false)" + rest + "}").index;
  };
  const std::string code =
      "error handling CouchDB request. Error:invalid_index,  Status Code:400,  Reason:";
  CHECK(strict(R"({"type":"a"})", R"(,"use_index":["d","type"])") == "type");
  CHECK(strict(R"({"type":"a"})", R"(,"use_index":["d","size"])") ==
        code +
            "_design/d, size specified by `use_index` could not be found or it is not suitable.");
  CHECK(strict(R"({"type":"a"})", R"(,"use_index":"x")") ==
        code + "_design/x specified by `use_index` could not be found or it is not suitable.");
  CHECK(strict("{}", "") == code + "You must specify an index with the `use_index` parameter.");
  CHECK(strict(R"({"type":"a"})", "") == "type");
}

TEST_CASE("use_index is followed where it can serve, and else there is a note",
          "[mango][row-166]") {
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
  CHECK(advice(R"({"selector":{}})").empty());
  CHECK(advice(R"({"selector":{"type":"a"}})").empty());
}

TEST_CASE("an id bounds the keys that are looked at", "[mango]") {
  const auto bounds = [](const std::string& condition) {
    const auto query = Query::parse(R"({"selector":{"_id":)" + condition + "}}");
    REQUIRE(query);
    const Plan plan = *make_plan(*query, {});
    return plan.start + "|" + plan.end;
  };
  using namespace std::string_literals;
  CHECK(bounds(R"("k")") == "k|k\0"s);
  CHECK(bounds(R"({"$gt":"a","$lt":"c"})") == "a|c");
  CHECK(bounds(R"({"$gte":"a","$lte":"c"})") == "a|c\0"s);
  CHECK(bounds(R"({"$gt":null})") == "|");
}
