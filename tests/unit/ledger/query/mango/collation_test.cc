#include "service/ledger/query/mango/collation.h"

#include <catch2/catch.hpp>
#include <random>

#include "service/base/gojson/decode.h"
#include "service/base/gojson/encode.h"
#include "service/ledger/query/mango/index_key.h"

using namespace ccbus;
using namespace ccbus::ledger::mango;

namespace {

Json json(const std::string& text) {
  const auto parsed = parse_query(text);
  REQUIRE(parsed);
  return *parsed;
}

std::string bytes(const Json& value) {
  std::string out;
  append_sort_key(out, value);
  return out;
}

int sign(int value) {
  return (value > 0) - (value < 0);
}

Json random_value(std::mt19937& random, int depth) {
  static const char* const kStrings[] = {"",          "a",  "A",    "b", "\xc3\xa4",
                                         "a\xcc\x88", "aa", "\x01", "10"};
  static const char* const kNumbers[] = {"0",
                                         "-0.0",
                                         "1",
                                         "1.5",
                                         "-1.5",
                                         "9007199254740992",
                                         "9007199254740993",
                                         "9223372036854775807",
                                         "9223372036854775808",
                                         "18446744073709551615",
                                         "1.8446744073709552e19",
                                         "-9223372036854775808",
                                         "1e300",
                                         "-1e300",
                                         "5e-324"};
  switch (random() % (depth > 0 ? 7 : 5)) {
    case 0: return Json();
    case 1: return Json(random() % 2 == 0);
    case 2:
    case 3: return json(kNumbers[random() % std::size(kNumbers)]);
    case 4: return Json(kStrings[random() % std::size(kStrings)]);
    case 5: {
      Json array = Json::array();
      for (auto n = random() % 3; n > 0; --n) array.push_back(random_value(random, depth - 1));
      return array;
    }
    default: {
      Json object = Json::object();
      for (auto n = random() % 3; n > 0; --n) {
        object[kStrings[random() % std::size(kStrings)]] = random_value(random, depth - 1);
      }
      return object;
    }
  }
}

}  // namespace

TEST_CASE("values sort in CouchDB's order", "[mango][row-159]") {
  const char* const kInOrder[] = {"null",
                                  "false",
                                  "true",
                                  "-9223372036854775808",
                                  "-1.5",
                                  "0",
                                  "0.1",
                                  "1",
                                  "9007199254740992",
                                  "9007199254740993",
                                  "9223372036854775807",
                                  "9223372036854775808",
                                  "18446744073709551615",
                                  "18446744073709551616",
                                  "1e300",
                                  R"("")",
                                  R"("_")",
                                  R"("9")",
                                  R"("a")",
                                  R"("A")",
                                  R"("aa")",
                                  R"("b")",
                                  R"("B")",
                                  R"("ba")",
                                  R"("bb")",
                                  "[]",
                                  R"(["a"])",
                                  R"(["b"])",
                                  R"(["b","c"])",
                                  R"(["b","c","a"])",
                                  R"(["b","d"])",
                                  R"(["b","d","e"])",
                                  "{}",
                                  R"({"a":1})",
                                  R"({"b":2,"a":1})",
                                  R"({"a":2})",
                                  R"({"b":1})",
                                  R"({"b":2})",
                                  R"({"c":2,"b":2})"};
  for (std::size_t i = 0; i + 1 < std::size(kInOrder); ++i) {
    INFO(kInOrder[i] << " and " << kInOrder[i + 1]);
    const Json a = json(kInOrder[i]), b = json(kInOrder[i + 1]);
    CHECK(compare(a, b) < 0);
    CHECK(compare(b, a) > 0);
    CHECK(compare(a, a) == 0);
    CHECK(bytes(a) < bytes(b));
  }
}

TEST_CASE("sort keys sort as the values do, and none begins with another", "[mango]") {
  std::mt19937 random(7);
  std::size_t equals = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Json a = random_value(random, 2), b = random_value(random, 2);
    INFO(gojson::encode(a) << " and " << gojson::encode(b));
    const int order = compare(a, b);
    const std::string x = bytes(a), y = bytes(b);
    REQUIRE(sign(x.compare(y)) == sign(order));
    REQUIRE(equal(a, b) == (order == 0));
    if (order == 0) {
      ++equals;
    } else {
      REQUIRE_FALSE(y.starts_with(x));
    }
  }
  CHECK(equals > 100);
}

TEST_CASE("terms are the same by type and bytes, not by CouchDB's order", "[mango][row-177]") {
  const auto same = [](const char* a, const char* b, Numbers numbers) {
    return is_same_term(json(a), json(b), numbers);
  };
  CHECK(same("1", "1", Numbers::kByType));
  CHECK_FALSE(same("1", "1.0", Numbers::kByType));
  CHECK(same("1", "1.0", Numbers::kByValue));
  CHECK_FALSE(same("[1]", "[1.0]", Numbers::kByType));
  CHECK(same("[{\"a\":1}]", "[{\"a\":1.0}]", Numbers::kByValue));
  CHECK_FALSE(same("\"\xc3\xa4\"", "\"a\xcc\x88\"", Numbers::kByValue));
  CHECK(same(R"({"b":[null],"a":"x"})", R"({"a":"x","b":[null]})", Numbers::kByType));
  CHECK_FALSE(same("null", "false", Numbers::kByValue));
}

TEST_CASE("the sort keys of ids are in the order of their bytes", "[mango]") {
  using namespace std::string_literals;
  const std::string ids[] = {"", "\0"s, "\0\0"s, "\0a"s, "A", "a", "a\0"s, "a\0b"s, "aa", "\xff"};
  for (std::size_t i = 0; i + 1 < std::size(ids); ++i) {
    std::string x, y;
    append_id_sort_key(x, ids[i]);
    append_id_sort_key(y, ids[i + 1]);
    CHECK(x < y);
    CHECK_FALSE(y.starts_with(x));
  }
}

TEST_CASE("an index's id changes with its fields and not with its name", "[mango]") {
  ccbus::IndexConfig config;
  config.set_design_document("d");
  config.set_name("n");
  config.add_fields("a");
  config.add_fields("b");
  config.set_design_document("_design/d");
  CHECK(Index::of(config)->design_document == "d");
  const auto id = Index::of(config)->id;
  CHECK(id.size() == kIndexIdBytes);
  config.set_name("m");
  CHECK(Index::of(config)->id == id);
  config.add_fields("c");
  CHECK(Index::of(config)->id != id);
  config.clear_fields();
  config.add_fields("b");
  config.add_fields("a");
  CHECK(Index::of(config)->id != id);
  const auto whole = Index::of(config)->id;
  config.set_partial_filter_selector(R"({"a":1})");
  CHECK(Index::of(config)->id != whole);
  for (const char* wrong : {"x", "1", R"({"a":{"$x":1}})"}) {
    config.set_partial_filter_selector(wrong);
    CHECK_FALSE(Index::of(config));
  }
}

TEST_CASE("an object with many members, or one of them twice, is read in its time", "[mango]") {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += "\"m" + std::to_string(i) + "\":1,";
  text += "\"m0\":2}";
  const auto parsed = parse_document(text);
  REQUIRE(parsed);
  CHECK(*member(*parsed, "m0") == 2);
}

TEST_CASE("what is nested too deep is no document", "[mango]") {
  const auto nested = [](std::size_t levels) {
    return "{\"a\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  CHECK(parse_document(nested(gojson::kDepthMax)));
  CHECK_FALSE(parse_document(nested(gojson::kDepthMax + 1)));
  CHECK_FALSE(parse_document(std::string(1'000'000, '[')));
}
