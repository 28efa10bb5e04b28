#include "service/ledger/query/index_maintenance.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "service/ledger/query/sorted_results.h"
#include "tests/support/rich_query_rig.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;
using Keys = std::vector<std::string>;

namespace {

const char* const kQuery = R"({"selector":{"a":{"$gte":1}}})";

std::string random_document(std::mt19937& random) {
  static const char* const kValues[] = {"null",  "true",  "1",   "1.0",      "2",
                                        "\"x\"", "\"X\"", "[1]", "{\"b\":1}"};
  switch (random() % 8) {
    case 0: return "not JSON";
    case 1: return "{}";
    case 2: return R"({"b":1})";
    default:
      return std::string(R"({"a":)") + kValues[random() % std::size(kValues)] + R"(,"b":)" +
             kValues[random() % std::size(kValues)] + "}";
  }
}

// Puts and deletes, each key once.
void random_block(RichQueryRig& rig, std::mt19937& random) {
  std::map<std::string, std::string> writes;
  for (auto n = 1 + random() % 6; n > 0; --n) {
    writes["k" + std::to_string(random() % 25)] =
        random() % 3 == 0 ? std::string() : random_document(random);
  }
  rig.write({writes.begin(), writes.end()});
}

void check_same(RichQueryRig& rig, std::size_t& served) {
  static const char* const kSelectors[] = {R"({"a":{"$gte":null}})",
                                           R"({"a":1})",
                                           R"({"a":{"$gt":1}})",
                                           R"({"a":{"$lte":"x"}})",
                                           R"({"a":1,"b":{"$gt":1}})",
                                           R"({"b":1})",
                                           R"({"a":{"$exists":true},"b":2})"};
  for (const char* selector : kSelectors) {
    const std::string query = std::string(R"({"selector":)") + selector + "}";
    auto with = rig.ask(query, rig.indexes);
    std::sort(with.keys.begin(), with.keys.end());
    INFO(query << " with '" << with.index << "'");
    auto without = rig.ask(query, {});
    std::sort(without.keys.begin(), without.keys.end());
    REQUIRE(with.keys == without.keys);
    if (!with.index.empty()) ++served;
  }
}

void write_many(RichQueryRig& rig, int count) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int n = 0; n < count; ++n) pairs.emplace_back("k" + std::to_string(1000 + n), R"({"a":1})");
  rig.write(pairs);
}

}  // namespace

TEST_CASE("an index gives what a look at every document gives, after any history",
          "[ledger][mango]") {
  std::size_t served = 0;
  for (unsigned seed = 0; seed < 30; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    RichQueryRig rig;
    for (int step = 0; step < 40; ++step) {
      switch (random() % 8) {
        case 0:
          rig.define_indexes(std::vector<std::vector<ccbus::IndexConfig>>{
              {},
              {index_on({"a"})},
              {index_on({"a", "b"}), index_on({"b"})},
              {index_on({"b", "a"}), index_on({"a"})}}[random() % 4]);
          break;
        case 1:
        case 2: REQUIRE(rig.ledger().build_indexes(1 + random() % 20)); break;
        case 3:
          rig.close();
          REQUIRE(rig.open());
          break;
        default: random_block(rig, random);
      }
      check_same(rig, served);
    }
    rig.build_all();
    check_same(rig, served);
  }
  CHECK(served > 500);
}

TEST_CASE("an index serves once it is complete", "[ledger][mango]") {
  RichQueryRig rig;
  write_many(rig, 10);
  rig.define_indexes({index_on({"a"})});
  CHECK(rig.ask(kQuery, rig.indexes).index.empty());
  auto built = rig.ledger().build_indexes(4);
  REQUIRE(built);
  CHECK(built->index == "basic/d/a");
  CHECK(built->documents == 4);
  CHECK(built->has_more);
  CHECK(rig.ask(kQuery, rig.indexes).index.empty());
  REQUIRE(rig.ledger().build_indexes(100)->is_complete);
  CHECK(rig.ask(kQuery, rig.indexes).index == "d/a");
  built = rig.ledger().build_indexes(100);
  CHECK(built->index.empty());
  CHECK_FALSE(built->has_more);
}

TEST_CASE("a restart in the middle of a build goes on where it was", "[ledger][mango]") {
  RichQueryRig rig;
  write_many(rig, 10);
  rig.define_indexes({index_on({"a"})});
  REQUIRE(rig.ledger().build_indexes(6));
  rig.close();
  REQUIRE(rig.open());
  // One key below the position and one above it, while the index is under way.
  rig.write({{"k1001", ""}, {"k1009", R"({"a":0})"}});
  auto built = rig.ledger().build_indexes(100);
  REQUIRE(built);
  CHECK(built->documents == 4);
  CHECK(built->is_complete);
  const auto answer = rig.ask(kQuery, rig.indexes);
  CHECK(answer.index == "d/a");
  CHECK(answer.keys ==
        Keys{"k1000", "k1002", "k1003", "k1004", "k1005", "k1006", "k1007", "k1008"});
}

TEST_CASE("an index that goes and comes back is built anew", "[ledger][mango]") {
  RichQueryRig rig;
  write_many(rig, 3);
  rig.define_indexes({index_on({"a"})});
  rig.build_all();
  rig.define_indexes({});
  CHECK(rig.ledger().snapshot()->complete_indexes(kNs)->empty());
  rig.write({{"k1000", ""}});
  rig.define_indexes({index_on({"a"})});
  CHECK(rig.ledger().snapshot()->complete_indexes(kNs)->empty());
  rig.build_all();
  CHECK(rig.ask(kQuery, rig.indexes).keys == Keys{"k1001", "k1002"});
  CHECK(rig.ask(kQuery, rig.indexes).index == "d/a");
}

TEST_CASE("a view keeps the index that it had", "[ledger][mango]") {
  RichQueryRig rig;
  write_many(rig, 3);
  rig.define_indexes({index_on({"a"})});
  rig.build_all();
  auto query = rig.open_query(kQuery, rig.indexes);
  rig.write({{"k1000", ""}});
  rig.define_indexes({});
  QueryProgress progress;
  CHECK((*query)->fetch(10, progress)->size() == 3);
  CHECK((*query)->report().index == "d/a");
}

TEST_CASE("what is no definition changes no index, and an index that cannot be kept stops nothing",
          "[ledger][mango]") {
  RichQueryRig rig;
  write_many(rig, 3);
  rig.define_indexes({index_on({"a"})});
  rig.build_all();
  Simulation tx = rig.begin("garbage");
  REQUIRE(tx->set_state("_lifecycle", kNs, "\xff\xff"));
  CHECK(rig.commit(tx) == std::vector{protos::INVALID_WRITESET});
  CHECK(rig.ledger().snapshot()->complete_indexes(kNs)->size() == 1);
  rig.define_indexes({index_on({"a..b"}), index_on({"a"})});
  rig.build_all();
  CHECK(rig.ledger().snapshot()->complete_indexes(kNs)->size() == 1);
  rig.close();
  CHECK(rig.open());
}

TEST_CASE("what is sorted in memory is bounded, and only what is wanted is kept",
          "[ledger][mango]") {
  SortedResults first(false, 3);
  for (std::int64_t i = 0; i < 300'000; ++i) {
    REQUIRE(first.add({std::to_string(1'000'000 + (i * 7919) % 300'000), "k"}));
  }
  const auto taken = std::move(first).take();
  REQUIRE(taken.size() >= 3);
  CHECK(taken[0].sort_key == "1000000");
  CHECK(taken[2].sort_key == "1000002");

  SortedResults all(false, std::nullopt);
  for (std::uint64_t i = 0; i < SortedResults::kCountMax; ++i) REQUIRE(all.add({"a", "k"}));
  const auto one_more = all.add({"a", "k"});
  REQUIRE_FALSE(one_more);
  CHECK(one_more.error().code == ErrorCode::kExhausted);
  CHECK(one_more.error().message.find("100000 results") != std::string::npos);
}
