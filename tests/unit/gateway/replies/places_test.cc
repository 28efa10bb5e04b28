#include "service/gateway/replies/places.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace ccbus::gateway {
namespace {

using Catch::Matchers::Contains;
using Kind = Places::Kind;

// Takes places until one is refused, and keeps them.
struct Crowd {
  explicit Crowd(Places& places_) : places(places_) {}

  std::size_t take_all(std::uint64_t client, Kind kind, const std::string& chaincode = "") {
    for (std::size_t count = 0;; ++count) {
      auto place = places.take(PeerId{client}, kind, chaincode);
      if (!place) {
        refusal = place.error().message;
        return count;
      }
      held.push_back(std::move(*place));
    }
  }

  Places& places;
  std::vector<Places::Place> held;
  std::string refusal;
};

TEST_CASE("one client gets half of the places, the next one half of the rest", "[gateway]") {
  Places places({20'000, 10});
  Crowd crowd(places);
  CHECK(crowd.take_all(1, Kind::kWorking) == 10'000);
  CHECK(crowd.refusal ==
        "the client has 10000 requests open, and only 10000 places are free "
        "(peer.limits.concurrency.gatewayService)");
  CHECK(crowd.take_all(2, Kind::kWorking) == 5'000);
  CHECK(crowd.take_all(3, Kind::kWorking) == 2'500);
  std::uint64_t client = 4;
  while (crowd.take_all(client, Kind::kWorking) > 0) ++client;
  CHECK(places.taken() == 20'000);  // A newcomer was refused only when nothing was free.
  CHECK(crowd.refusal ==
        "too many requests for /gateway.Gateway, exceeding concurrency limit (20000)");
  crowd.held.clear();
  CHECK(places.taken() == 0);
  CHECK(crowd.take_all(1, Kind::kWorking) == 10'000);
}

TEST_CASE("two clients that take turns get a third of the places each", "[gateway]") {
  Places places({3'000, 10});
  Crowd crowd(places);
  for (int turn = 0; turn < 3'000; ++turn) {
    for (const std::uint64_t client : {1, 2}) {
      auto place = places.take(PeerId{client}, Kind::kWorking, "");
      if (place) crowd.held.push_back(std::move(*place));
    }
  }
  CHECK(places.taken() == 2'000);
  CHECK(crowd.take_all(3, Kind::kWorking) == 500);
}

TEST_CASE("what waits takes no place of what works", "[gateway]") {
  Places places({8, 4});
  Crowd crowd(places);
  CHECK(crowd.take_all(1, Kind::kWaiting) == 2);
  CHECK_THAT(crowd.refusal,
             Contains("the client has 2 requests for events and statuses that wait") &&
                 Contains("limits.gatewayWaiting"));
  CHECK(crowd.take_all(2, Kind::kWaiting) == 1);
  CHECK(crowd.take_all(3, Kind::kWaiting) == 1);
  CHECK(crowd.take_all(4, Kind::kWaiting) == 0);
  CHECK(crowd.refusal ==
        "4 requests for events and statuses wait, which is the limit (limits.gatewayWaiting)");
  CHECK(crowd.take_all(1, Kind::kWorking) == 4);
}

TEST_CASE("a slow chaincode leaves places to the others", "[gateway]") {
  Places places({900, 1});
  Crowd crowd(places);
  std::uint64_t client = 1;
  while (crowd.take_all(client, Kind::kWorking, "slow") > 0) ++client;
  CHECK(places.taken() == 600);
  CHECK_THAT(crowd.refusal, Contains("chaincode slow has 600 requests open, and only 300 places"));
  CHECK(crowd.take_all(client + 1, Kind::kWorking, "quick") == 150);
}

TEST_CASE("a place knows that its client has left", "[gateway]") {
  Places places({10, 10});
  auto one = places.take(PeerId{1}, Kind::kWorking, "");
  auto other = places.take(PeerId{2}, Kind::kWorking, "");
  places.on_client_gone(PeerId{1});
  CHECK(one->has_client_left());
  CHECK_FALSE(other->has_client_left());
  places.on_client_gone(PeerId{3});  // It has nothing open.
}

TEST_CASE("one creator gets half of the places over all its connections",
          "[gateway][attacks][issue-17]") {
  Places places({100, 60});
  const auto kind = GENERATE(Kind::kWorking, Kind::kWaiting);
  const std::size_t half = kind == Kind::kWorking ? 50 : 30;
  std::vector<Places::Place> held;
  std::vector<Places::Share> shares;
  std::uint64_t client = 0;
  // Each request comes by a connection of its own.
  const auto take = [&](const std::string& creator) {
    std::size_t count = 0;
    for (;; ++count) {
      auto place = places.take(PeerId{++client}, kind, "");
      REQUIRE(place);
      auto share = places.share(creator, kind);
      if (!share) {
        CHECK_THAT(share.error().message, Contains("the creator has " + std::to_string(count)));
        return count;
      }
      held.push_back(std::move(*place));
      shares.push_back(std::move(*share));
    }
  };
  CHECK(take("Org1MSP/a") == half);
  CHECK(take("Org2MSP/b") == half / 2);
  shares.clear();
  held.clear();
  CHECK(take("Org1MSP/a") == half);
}

TEST_CASE("a creator whose first request has the last place is not refused", "[gateway]") {
  Places places({1, 1});
  auto place = places.take(PeerId{1}, Kind::kWorking, "");
  REQUIRE(place);
  CHECK(places.share("Org1MSP/a", Kind::kWorking));
}

}  // namespace
}  // namespace ccbus::gateway
