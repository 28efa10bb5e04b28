#include "service/gateway/replies/open_requests.h"

#include <catch2/catch.hpp>
#include <optional>
#include <vector>

namespace ccbus::gateway {
namespace {

using namespace std::chrono_literals;

constexpr PeerId kClient{1};
constexpr PeerId kOther{2};

TEST_CASE("a request is ended once, and by its own client", "[gateway]") {
  OpenRequests requests;
  const auto entry = requests.add({kClient, 7});
  CHECK_FALSE(requests.end({kOther, 7}).has_value());
  CHECK_FALSE(requests.end({kClient, 8}).has_value());
  CHECK_FALSE(entry.has_ended());
  const auto ended = requests.end({kClient, 7});
  REQUIRE(ended.has_value());
  CHECK(ended->address.client == kClient);
  CHECK(ended->address.correlation_id == 7);
  CHECK(entry.has_ended());
  CHECK_FALSE(requests.end({kClient, 7}).has_value());
}

TEST_CASE("of two requests with the same id the older one is ended first", "[gateway]") {
  OpenRequests requests;
  const auto older = requests.add({kClient, 7});
  const auto newer = requests.add({kClient, 7});
  REQUIRE(requests.end({kClient, 7}).has_value());
  CHECK(older.has_ended());
  CHECK_FALSE(newer.has_ended());
  REQUIRE(requests.end({kClient, 7}).has_value());
  CHECK(newer.has_ended());
}

TEST_CASE("a request that is over is not open any more", "[gateway]") {
  OpenRequests requests;
  {
    auto entry = requests.add({kClient, 7});
    entry.set_deadline(SteadyTime(5ms), 5);
    CHECK(requests.next_deadline() == SteadyTime(5ms));
  }
  CHECK_FALSE(requests.end({kClient, 7}).has_value());
  CHECK_FALSE(requests.next_deadline().has_value());
  CHECK_FALSE(requests.end_expired(SteadyTime(1h)).has_value());
  // What the next one is made of has nothing of the one before.
  auto next = requests.add({kClient, 8});
  CHECK_FALSE(next.has_ended());
  CHECK_FALSE(next.ended().is_cancelled());
}

TEST_CASE("requests are ended in the order of their deadlines", "[gateway]") {
  OpenRequests requests;
  auto late = requests.add({kClient, 1});
  auto early = requests.add({kClient, 2});
  late.set_deadline(SteadyTime(20ms), 20);
  early.set_deadline(SteadyTime(10ms), 10);
  CHECK_FALSE(requests.end_expired(SteadyTime(9ms)).has_value());
  CHECK(requests.end_expired(SteadyTime(20ms))->address.correlation_id == 2);
  CHECK(requests.end({kClient, 1})->timeout_ms == 20);
  CHECK_FALSE(requests.end_expired(SteadyTime(20ms)).has_value());
}

TEST_CASE("the work for a request is cancelled when it ends early, some when its client leaves",
          "[gateway]") {
  OpenRequests requests;
  auto look_up = requests.add({kClient, 1});
  auto change = requests.add({kClient, 2});
  auto of_other = requests.add({kOther, 1});
  const CancellationToken looked_up = look_up.ended_or_left();
  const CancellationToken changed = change.ended();
  const CancellationToken other = of_other.ended_or_left();
  requests.on_client_gone(kClient);
  CHECK(looked_up.is_cancelled());
  CHECK_FALSE(changed.is_cancelled());
  CHECK_FALSE(other.is_cancelled());
  REQUIRE(requests.end({kClient, 2}).has_value());
  CHECK(changed.is_cancelled());
}

}  // namespace
}  // namespace ccbus::gateway
