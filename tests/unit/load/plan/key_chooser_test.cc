#include "service/load/plan/key_chooser.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

using namespace ccbus::load;

namespace {

std::map<std::string, int> draw(KeyChooser::Options options, int count) {
  KeyChooser keys(options);
  std::map<std::string, int> drawn;
  for (int i = 0; i < count; ++i) ++drawn[keys.next()];
  return drawn;
}

}  // namespace

TEST_CASE("every key is chosen about as often as any other", "[load]") {
  const auto drawn = draw({10, 0, 1, 1, ""}, 100'000);
  REQUIRE(drawn.size() == 10);
  for (const auto& [key, count] : drawn) CHECK(count == Approx(10'000).epsilon(0.05));
  CHECK(drawn.count(key_name(0)) == 1);
  CHECK(drawn.count(key_name(9)) == 1);
}

TEST_CASE("hot keys get their share, the others the rest", "[load]") {
  const auto drawn = draw({1'000, 2, 0.9, 1, ""}, 100'000);
  const int hot = drawn.at(key_name(0)) + drawn.at(key_name(1));
  CHECK(hot == Approx(90'000 + 20).epsilon(0.01));
  CHECK(drawn.size() > 900);
  CHECK(draw({1'000, 1, 1, 1, ""}, 100).size() == 1);
}

TEST_CASE("without keys every access is to a new one, in every run", "[load]") {
  const auto drawn = draw({0, 0, 1, 1, "a"}, 1'000);
  CHECK(drawn.size() == 1'000);
  for (const auto& [key, count] : draw({0, 0, 1, 1, "b"}, 1'000)) CHECK(drawn.count(key) == 0);
}

TEST_CASE("a range lies within the keys, and reaches both ends", "[load]") {
  KeyChooser keys({10, 0, 1, 1, ""});
  std::set<std::uint64_t> begins;
  for (int i = 0; i < 1'000; ++i) begins.insert(keys.range_begin(4));
  CHECK(*begins.begin() == 0);
  CHECK(*begins.rbegin() == 6);
  CHECK(keys.range_begin(50) == 0);
}

TEST_CASE("names of keys sort as their numbers do", "[load]") {
  CHECK(key_name(42) == "key-00000042");
  CHECK(key_name(9) < key_name(10));
  CHECK(key_name(999'999) < key_name(9'999'999));
}
