// The real service on a disk that fails with EIO under a file system that believes to have room.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <string>

#include "tests/e2e/desk.h"
#include "tests/support/failing_disk.h"

namespace ccbus::test {
namespace {

TEST_CASE("a disk that fails is said, and after its repair everything acknowledged is there",
          "[e2e][issue-13]") {
  const auto disk = FailingDisk::make(400 * kMiB, 60 * kMiB);
  if (disk == nullptr) {
    WARN("skipped: only root may make a loop device, and not in every container");
    return;
  }
  const auto ledger = disk->path() / "ledger";
  const std::string value = incompressible();
  std::set<std::string> acknowledged;
  {
    Desk desk(ledger, "0");
    client::Reply failed;
    for (int i = 0; failed.error.ok(); ++i) {
      REQUIRE(i < 2'000);  // More than the disk holds.
      const std::string key = "key" + std::to_string(i);
      failed = desk.put(key, value);
      if (failed.error.ok()) acknowledged.insert(key);
    }
    CHECK(acknowledged.size() > 10);
    INFO(failed.error.message);
    CHECK(failed.error.code == ccbus::UNAVAILABLE);
    Desk::wait([&] { return !desk.health().empty(); });
    CHECK_THAT(desk.health(), Catch::Contains("mychannel"));
    // It does not stop, and refuses what it cannot keep.
    CHECK_FALSE(desk.put("another", value).error.ok());
    CHECK(desk.client.status(20s).error.ok());
  }
  REQUIRE(disk->repair(600 * kMiB));
  Desk desk(ledger, "0");
  for (const std::string& key : acknowledged) {
    const auto found = desk.client.evaluate(note({"get", key}), 20s);
    INFO(key << ": " << found.error.message);
    REQUIRE(found.response.evaluate().result().payload() == value);
  }
  CHECK(desk.put("after", value).error.ok());
  CHECK(desk.health().empty());
}

}  // namespace
}  // namespace ccbus::test
