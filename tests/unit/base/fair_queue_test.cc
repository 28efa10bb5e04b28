#include "service/base/fair_queue.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

namespace ccbus {
namespace {

TEST_CASE("owners take turns, and the items of one keep their order", "[base]") {
  FairQueue<int, std::string> queue;
  for (const char* item : {"a1", "a2", "a3"}) queue.push(1, item);
  queue.push(2, "b1");
  queue.push(2, "b2");
  queue.push(3, "c1");
  CHECK(queue.size() == 6);
  CHECK(queue.size_of(1) == 3);
  std::vector<std::string> order;
  while (!queue.empty()) order.push_back(queue.pop());
  CHECK(order == std::vector<std::string>{"a1", "b1", "c1", "a2", "b2", "a3"});
  CHECK(queue.size_of(1) == 0);
}

TEST_CASE("a newcomer waits for one item of each owner, however many they have", "[base]") {
  FairQueue<int, int> queue;
  for (int i = 0; i < 1'000; ++i) queue.push(1, i);
  queue.push(2, -1);
  CHECK(queue.next_owner() == 1);
  CHECK(queue.pop() == 0);
  CHECK(queue.next_owner() == 2);
  CHECK(queue.pop() == -1);
}

TEST_CASE("an owner may come and go many times", "[base]") {
  FairQueue<int, std::unique_ptr<int>> queue;
  for (int round = 0; round < 100; ++round) {
    queue.push(round, std::make_unique<int>(round));
    queue.push(round + 1, std::make_unique<int>(-round));
    CHECK(*queue.pop() == round);
    CHECK(*queue.pop() == -round);
    CHECK(queue.empty());
  }
}

}  // namespace
}  // namespace ccbus
