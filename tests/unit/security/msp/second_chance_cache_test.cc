#include "service/security/msp/second_chance_cache.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

namespace ccbus::security {
namespace {

TEST_CASE("a cache gives what was added, and the newest value", "[security][issue-16]") {
  SecondChanceCache<int> cache(2);
  CHECK_FALSE(cache.get("a").has_value());
  cache.add("a", 1);
  cache.add("a", 2);
  CHECK(cache.get("a") == 2);
  CHECK(cache.size() == 1);
}

TEST_CASE("what was not used since the last turn leaves first", "[security][issue-16]") {
  SecondChanceCache<int> cache(3);
  cache.add("a", 1);
  cache.add("b", 2);
  cache.add("c", 3);
  CHECK(cache.get("a") == 1);
  cache.add("d", 4);  // "a" has its second chance.
  CHECK(cache.get("a") == 1);
  CHECK_FALSE(cache.get("b").has_value());
  CHECK(cache.get("c") == 3);
  CHECK(cache.get("d") == 4);
  CHECK(cache.size() == 3);
}

TEST_CASE("when all were used, one leaves all the same", "[security][issue-16]") {
  SecondChanceCache<int> cache(2);
  for (int i = 0; i < 100; ++i) {
    const std::string key = std::to_string(i);
    cache.add(key, i);
    CHECK(cache.get(key) == i);
    CHECK(cache.size() <= 2);
  }
}

TEST_CASE("a cache without room keeps nothing", "[security][issue-16]") {
  SecondChanceCache<int> cache(0);
  cache.add("a", 1);
  CHECK_FALSE(cache.get("a").has_value());
}

TEST_CASE("threads share a cache", "[security][issue-16]") {
  SecondChanceCache<std::string> cache(10);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, &wrong, t] {
      for (int i = 0; i < 5000; ++i) {
        const std::string key = std::to_string((i * (t + 1)) % 20);
        const auto found = cache.get(key);
        if (found && *found != "value of " + key) ++wrong;
        if (!found) cache.add(key, "value of " + key);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(cache.size() == 10);
}

}  // namespace
}  // namespace ccbus::security
