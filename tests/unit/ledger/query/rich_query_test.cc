#include "service/ledger/query/rich_query.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "service/base/gojson/encode.h"
#include "tests/support/rich_query_rig.h"
#include "tests/unit/ledger/query/mango/selector_cases.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;
using Keys = std::vector<std::string>;

namespace {

Keys sorted(Keys keys) {
  std::sort(keys.begin(), keys.end());
  return keys;
}

// Twenty documents: n is 0 to 19, g is n modulo 3, and the odd ones have o.
void write_numbers(RichQueryRig& rig) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int n = 0; n < 20; ++n) {
    const std::string odd = n % 2 == 1 ? R"(,"o":true)" : "";
    pairs.emplace_back("k" + std::to_string(10 + n), R"({"n":)" + std::to_string(n) + R"(,"g":)" +
                                                         std::to_string(n % 3) + odd + "}");
  }
  pairs.emplace_back("text", "not a document");
  rig.write(pairs);
}

struct Page {
  Keys keys;
  std::string bookmark;
};

Result<Page> page(RichQueryRig& rig, const std::string& query, std::uint32_t size,
                  const std::string& bookmark) {
  auto opened =
      RichQuery::open(rig.ledger().snapshot(), {kNs, query, true, size, bookmark, rig.indexes});
  if (!opened) return unexpected(opened.error());
  QueryProgress progress;
  auto found = (*opened)->fetch(1000, progress);
  if (!found) return unexpected(found.error());
  Page read;
  for (auto& one : *found) read.keys.push_back(std::move(one.key));
  read.bookmark = (*opened)->bookmark();
  return read;
}

Keys page_by_page(RichQueryRig& rig, const std::string& query, std::uint32_t size) {
  Keys all;
  std::string bookmark;
  for (;;) {
    auto read = page(rig, query, size, bookmark);
    REQUIRE(read);
    if (read->keys.empty()) {
      CHECK(read->bookmark == "nil");
      return all;
    }
    CHECK(read->keys.size() <= size);
    all.insert(all.end(), read->keys.begin(), read->keys.end());
    bookmark = read->bookmark;
  }
}

}  // namespace

TEST_CASE("a selector finds the same with every index that could serve it", "[ledger][mango]") {
  const std::vector<ccbus::IndexConfig> indexes = {index_on({"name"}),
                                                   index_on({"age"}),
                                                   index_on({"city"}),
                                                   index_on({"tags"}),
                                                   index_on({"manager"}),
                                                   index_on({"address"}),
                                                   index_on({"address.street"}),
                                                   index_on({"address.number"}),
                                                   index_on({"age", "city"}),
                                                   index_on({"age", "name"}),
                                                   index_on({"age", "_id"}),
                                                   index_on({"v"}),
                                                   index_on({"s"}),
                                                   index_on({"l"}),
                                                   index_on({"l.0"}),
                                                   index_on({"a"}),
                                                   index_on({"a.b"}),
                                                   index_on({"a\\.b"}),
                                                   index_on({"a.b.c"}),
                                                   index_on({"a.b.c", "a.b.d"}),
                                                   index_on({"t"}),
                                                   index_on({"_id"})};
  const SelectorCases all = read_selector_cases();
  std::size_t served = 0;
  for (const auto& [set, documents] : all.sets) {
    RichQueryRig rig;
    rig.define_indexes(indexes);
    // An empty value would delete; the set's other documents do not depend on it.
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& document : documents) {
      if (!document.second.empty()) pairs.push_back(document);
    }
    rig.write(pairs);
    rig.build_all();
    for (const SelectorCase& one : all.cases) {
      if (one.set != set) continue;
      INFO(one.name << ": " << one.selector);
      const std::string query = R"({"selector":)" + one.selector + "}";
      CHECK(rig.ask(query, {}).keys == one.keys);
      for (const ccbus::IndexConfig& index : indexes) {
        INFO(index.name());
        const auto answer = rig.ask(R"({"use_index":["d",)" + gojson::encode(index.name()) +
                                        R"(],"selector":)" + one.selector + "}",
                                    {index});
        CHECK(sorted(answer.keys) == one.keys);
        if (!answer.index.empty()) ++served;
      }
    }
  }
  CHECK(served > 150);
}

TEST_CASE("a query's results come in the order of the keys, or of the sort", "[ledger][mango]") {
  RichQueryRig rig;
  write_numbers(rig);
  const std::vector<ccbus::IndexConfig> indexes = {index_on({"g", "n"}), index_on({"n"}),
                                                   index_on({"o"})};
  rig.define_indexes(indexes);
  const std::string selector = R"({"selector":{"g":{"$gt":0},"n":{"$lt":9}})";
  const bool is_built = GENERATE(false, true);  // Until then it is sorted in memory.
  if (is_built) rig.build_all();
  {
    CHECK(rig.ask(selector + R"(,"sort":["g","n"]})", indexes).keys ==
          Keys{"k11", "k14", "k17", "k12", "k15", "k18"});
    CHECK(rig.ask(selector + R"(,"sort":[{"g":"desc"},{"n":"desc"}]})", indexes).keys ==
          Keys{"k18", "k15", "k12", "k17", "k14", "k11"});
    CHECK(rig.ask(selector + R"(,"sort":["n"]})", indexes).keys ==
          Keys{"k11", "k12", "k14", "k15", "k17", "k18"});
    CHECK(rig.ask(selector + R"(,"sort":["n"],"skip":4})", indexes).keys == Keys{"k17", "k18"});
    CHECK(rig.ask(R"({"selector":{"_id":{"$gte":"k17","$lt":"k20"}},"sort":[{"_id":"desc"}]})",
                  indexes)
              .keys == Keys{"k19", "k18", "k17"});
    CHECK(rig.ask(R"({"selector":{"n":{"$lt":4}},"sort":["o"]})", indexes).keys ==
          Keys{"k11", "k13"});
  }
  CHECK(rig.ask(selector + "}", {}).keys == Keys{"k11", "k12", "k14", "k15", "k17", "k18"});
  CHECK(rig.ask(selector + R"(,"skip":4})", {}).keys == Keys{"k17", "k18"});
  CHECK(rig.ask(selector + R"(,"sort":["g","n"]})", indexes).index == (is_built ? "d/g,n" : ""));
  const auto refused = rig.open_query(selector + R"(,"sort":["g","n"]})", {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("Error:no_usable_index,") != std::string::npos);
}

TEST_CASE("pages of a query are the query, with any plan", "[ledger][mango]") {
  RichQueryRig rig;
  write_numbers(rig);
  rig.define_indexes({index_on({"g", "n"}), index_on({"g"}), index_on({"o"}), index_on({"_id"})});
  const bool is_built = GENERATE(false, true);
  if (is_built) rig.build_all();
  const char* const kQueries[] = {
      R"({"selector":{}})",
      R"({"selector":{"n":{"$gt":3}}})",
      R"({"selector":{"g":1}})",
      R"({"selector":{"g":{"$gte":1}},"sort":["g","n"]})",
      R"({"selector":{"g":{"$gte":1}},"sort":[{"g":"desc"},{"n":"desc"}]})",
      R"({"selector":{"n":{"$lt":17}},"sort":["g"]})",
      R"({"selector":{"n":{"$lt":17}},"sort":[{"o":"desc"}]})",
      R"({"selector":{"n":{"$lt":17}},"sort":["_id"]})",
  };
  for (const char* query : kQueries) {
    INFO(query);
    const Keys whole = rig.ask(query, rig.indexes).keys;
    CHECK(whole.size() > 5);
    CHECK(page_by_page(rig, query, 1) == whole);
    CHECK(page_by_page(rig, query, 3) == whole);
    CHECK(page_by_page(rig, query, 100) == whole);
  }
}

TEST_CASE("a page goes on with the plan of the page before", "[ledger][mango]") {
  RichQueryRig rig;
  write_numbers(rig);
  const std::string query = R"({"selector":{"g":{"$gte":1}}})";
  auto first = page(rig, query, 3, "");
  REQUIRE(first);
  rig.define_indexes({index_on({"g"})});
  rig.build_all();
  auto second = page(rig, query, 3, first->bookmark);
  REQUIRE(second);
  CHECK(second->keys == Keys{"k15", "k17", "k18"});

  auto indexed = page(rig, query, 3, "");
  REQUIRE(indexed);
  CHECK(indexed->keys == Keys{"k11", "k14", "k17"});
  rig.define_indexes({});
  auto gone = page(rig, query, 3, indexed->bookmark);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == ErrorCode::kInvalid);
  CHECK(gone.error().message.find("Error:invalid_bookmark") != std::string::npos);
}

TEST_CASE("pages and whole queries overrule the query's own limit", "[ledger][mango][row-157]") {
  RichQueryRig rig;
  write_numbers(rig);
  CHECK(page(rig, R"({"selector":{},"limit":2})", 5, "")->keys.size() == 5);
  CHECK(page(rig, R"({"selector":{},"limit":2})", 0, "")->keys.size() == 20);
  CHECK(rig.ask(R"({"selector":{},"limit":2})", {}).keys.size() == 20);
  CHECK(rig.ask(R"({"selector":{},"limit":0})", {}).keys.size() == 20);
  CHECK_FALSE(page(rig, R"({"selector":{}})", 5, "rubbish"));
}

TEST_CASE("a result has the stored value, or the fields, and its version",
          "[ledger][mango][row-167]") {
  RichQueryRig rig;
  rig.write({{"a", R"({ "y": 1, "x": {"q": 2, "p": 1.0} })"}});
  QueryProgress progress;
  auto whole = rig.open_query(R"({"selector":{}})", {});
  auto found = (*whole)->fetch(5, progress);
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  CHECK((*found)[0].value == R"({ "y": 1, "x": {"q": 2, "p": 1.0} })");
  CHECK((*found)[0].version == Version{0, 0});
  auto fields = rig.open_query(R"({"selector":{},"fields":["y","x"]})", {});
  found = (*fields)->fetch(5, progress);
  REQUIRE(found);
  CHECK((*found)[0].value == R"({"x":{"p":1,"q":2},"y":1})");
  auto none = rig.open_query(R"({"selector":{},"fields":[]})", {});
  found = (*none)->fetch(5, progress);
  REQUIRE(found);
  CHECK((*found)[0].value == "{}");
}

TEST_CASE("text that is no Unicode is found as U+FFFD, and is given so",
          "[ledger][mango][row-158]") {
  RichQueryRig rig;
  const std::vector<ccbus::IndexConfig> indexes = {index_on({"s"})};
  rig.define_indexes(indexes);
  rig.write({{"bytes", "{\"s\": \"a\xff\"}"}, {"half", R"({"z":1, "s": "a\ud83d"})"}});
  const bool is_built = GENERATE(false, true);
  if (is_built) rig.build_all();
  auto query = rig.open_query("{\"selector\":{\"s\":\"a\xef\xbf\xbd\"}}", indexes);
  REQUIRE(query);
  QueryProgress progress;
  auto found = (*query)->fetch(5, progress);
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].value == "{\"s\":\"a\xef\xbf\xbd\"}");
  CHECK((*found)[1].value == "{\"s\":\"a\xef\xbf\xbd\",\"z\":1}");
  CHECK((*query)->report().index == (is_built ? "d/s" : ""));
  CHECK(rig.ledger().snapshot()->get(kNs, "bytes").value()->value == "{\"s\": \"a\xff\"}");
}

TEST_CASE("a partial index has the documents that match its selector", "[ledger][mango][row-174]") {
  RichQueryRig rig;
  write_numbers(rig);
  ccbus::IndexConfig partial = index_on({"n"});
  partial.set_partial_filter_selector(R"({"o":true,"g":{"$gt":0}})");
  rig.define_indexes({partial});
  const bool is_built = GENERATE(false, true);
  if (is_built) rig.build_all();
  rig.write({{"k19", R"({"n":9,"g":1,"o":true})"}, {"k11", R"({"n":1})"}});
  const std::string selector = R"({"selector":{"n":{"$lt":12}})";
  const auto named = rig.ask(selector + R"(,"use_index":"d","sort":["n"]})", {partial});
  CHECK(named.keys == Keys{"k15", "k17", "k19", "k21"});
  CHECK(named.index == (is_built ? "d/n" : ""));
  CHECK(sorted(rig.ask(selector + R"(,"use_index":"d"})", {partial}).keys) == named.keys);
  CHECK(rig.ask(selector + "}", {partial}).keys.size() == 12);
  CHECK_FALSE(rig.open_query(selector + R"(,"sort":["n"]})", {partial}));
}

TEST_CASE("a query that is cancelled ends with the next look", "[ledger][mango]") {
  RichQueryRig rig;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int n = 0; n < 1000; ++n) pairs.emplace_back("k" + std::to_string(1000 + n), R"({"a":1})");
  rig.write(pairs);
  auto query = rig.open_query(R"({"selector":{"a":1}})", {});
  REQUIRE(query);
  QueryProgress progress;
  CHECK((*query)->fetch(10, progress)->size() == 10);
  CHECK(progress.documents == 10);
  progress.cancelled = true;
  auto more = (*query)->fetch(1000, progress);
  REQUIRE_FALSE(more);
  CHECK(more.error().code == ErrorCode::kDeadline);
  CHECK(progress.documents < 300);
  CHECK((*query)->report().documents_examined == progress.documents);
}

TEST_CASE("an index looks at what it has to, and a query without one says so", "[ledger][mango]") {
  RichQueryRig rig;
  write_numbers(rig);
  rig.define_indexes({index_on({"n"})});
  rig.build_all();
  QueryProgress progress;
  auto query = rig.open_query(R"({"selector":{"n":{"$gte":5,"$lt":8}}})", rig.indexes);
  REQUIRE((*query)->fetch(100, progress)->size() == 3);
  CHECK((*query)->report().documents_examined == 3);
  CHECK((*query)->report().index == "d/n");
  CHECK((*query)->report().advice.empty());
  query = rig.open_query(R"({"selector":{"g":1}})", rig.indexes);
  REQUIRE((*query)->fetch(100, progress)->size() == 7);
  CHECK((*query)->report().documents_examined == 21);
  CHECK((*query)->report().index.empty());
  CHECK((*query)->report().advice == R"({"index":{"fields":["g"]},"type":"json"})");
}
