#include "service/base/drain.h"

#include <catch2/catch.hpp>

namespace ccbus {
namespace {

TEST_CASE("a drain lets work in until it is closed, and is drained when the last has left",
          "[base]") {
  Drain drain;
  CHECK(drain.enter());
  CHECK(drain.enter());
  CHECK(drain.enter());
  CHECK(drain.open() == 3);
  drain.close();
  CHECK_FALSE(drain.enter());
  CHECK(drain.open() == 3);
  drain.leave(2);
  CHECK_FALSE(drain.is_drained());
  drain.leave();
  CHECK(drain.is_drained());
  CHECK_FALSE(drain.enter());
}

TEST_CASE("a drain that is open is not drained, though it is empty", "[base]") {
  const Drain drain;
  CHECK_FALSE(drain.is_closed());
  CHECK_FALSE(drain.is_drained());
}

}  // namespace
}  // namespace ccbus
