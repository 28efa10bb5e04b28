#include "service/base/shared_room.h"

#include <catch2/catch.hpp>

namespace ccbus {
namespace {

SharedRoom room_of(std::size_t count, std::size_t bytes) {
  return SharedRoom({count, bytes, "a.count", "a.bytes", "wait"});
}

// Takes room for a client until it is refused.
std::size_t fill(SharedRoom& room, PeerId client, std::size_t bytes) {
  std::size_t count = 0;
  for (; room.check(client, bytes); ++count) room.take(client, bytes);
  return count;
}

TEST_CASE("one client gets half of the room in number, and a newcomer gets in", "[base]") {
  SharedRoom room = room_of(8, 1'000);
  CHECK(fill(room, PeerId{1}, 1) == 4);
  CHECK(room.check(PeerId{1}, 1).error().message ==
        "4 transactions of the client wait, and there is room for only 4 more (a.count)");
  CHECK(fill(room, PeerId{2}, 1) == 2);
  CHECK(fill(room, PeerId{3}, 1) == 1);
  CHECK(fill(room, PeerId{4}, 1) == 1);
  CHECK(room.check(PeerId{5}, 1).error().message == "a.count is reached: 8 transactions wait");
}

TEST_CASE("one client gets half of the room in bytes, exceeded by one item", "[base]") {
  SharedRoom room = room_of(1'000, 100);
  CHECK(fill(room, PeerId{1}, 20) == 3);
  CHECK(room.check(PeerId{1}, 20).error().message ==
        "60 bytes of the client wait, and there is room for only 40 more (a.bytes)");
  CHECK(fill(room, PeerId{2}, 20) == 1);
  CHECK(room.check(PeerId{3}, 21).error().message ==
        "a.bytes is reached: 80 bytes wait, and the limit is 100");
}

TEST_CASE("room that is given back can be taken again", "[base]") {
  SharedRoom room = room_of(8, 1'000);
  for (int round = 0; round < 3; ++round) {
    CHECK(fill(room, PeerId{1}, 10) == 4);
    for (int i = 0; i < 4; ++i) room.give_back(PeerId{1}, 10);
    CHECK(room.count() == 0);
    CHECK(room.bytes() == 0);
  }
}

}  // namespace
}  // namespace ccbus
