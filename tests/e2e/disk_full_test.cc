// The real service on a small disk that fills up. To mount one needs root: without it these tests
// say that they were skipped.
#include <httplib.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ccbus/client/client.h"
#include "tests/e2e/desk.h"
#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"
#include "tests/support/notebook.h"
#include "tests/support/process.h"
#include "tests/support/small_disk.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

// Returns null if this user may not mount one.
std::unique_ptr<SmallDisk> mount_disk(std::uint64_t bytes, const fs::path& below = {}) {
  auto disk = SmallDisk::mount(bytes, below);
  if (disk == nullptr) WARN("skipped: only root may mount a small disk");
  return disk;
}

TEST_CASE("a disk that fills up under load refuses by name, and the service goes on with room",
          "[e2e][issue-13]") {
  const auto disk = mount_disk(60 * kMiB);
  if (disk == nullptr) return;
  Desk desk(disk->path() / "ledger", "0");
  const std::string value = incompressible();
  std::set<std::string> acknowledged;
  client::Reply refused;
  for (int i = 0; refused.error.ok(); ++i) {
    REQUIRE(i < 2'000);  // More than the disk holds.
    const std::string key = "key" + std::to_string(i);
    refused = desk.put(key, value);
    if (refused.error.ok()) acknowledged.insert(key);
  }
  CHECK(acknowledged.size() > 10);
  INFO(refused.error.message);
  CHECK(refused.error.code == UNAVAILABLE);
  CHECK_THAT(refused.error.message,
             Contains("the disk of the ledger refused a block; the outcome of "
                      "transaction") &&
                 Contains("is unknown"));
  CHECK(refused.response.submit().validation_code() == protos::NOT_VALIDATED);

  // Opening the ledger again may free a little space; then it goes on until that is full, too.
  std::string health;
  client::Reply closed;
  Desk::wait([&] {
    const std::string key = "more" + std::to_string(acknowledged.size());
    closed = desk.put(key, value);
    if (closed.error.ok()) acknowledged.insert(key);
    health = desk.health();
    return !health.empty() && closed.error.message.find("is closed") != std::string::npos;
  });
  CHECK(closed.error.code == UNAVAILABLE);
  CHECK_THAT(closed.error.message, Contains("the ledger of channel mychannel is closed"));
  CHECK_THAT(health, Contains("committer.mychannel") &&
                         Contains("its ledger is closed until it can be opened again"));

  disk->resize(400 * kMiB);
  Desk::wait([&] { return desk.put("after", "v").error.ok(); });
  Desk::wait([&] { return desk.health().empty(); });
  for (const std::string& key : acknowledged) {
    const auto found = desk.client.evaluate(note({"get", key}), 10s);
    REQUIRE(found.error.ok());
    REQUIRE(found.response.evaluate().result().payload() == value);
  }
  const auto verified =
      run_ccbus(desk.service.client_endpoint(), {"ledger", "verify", "-C", "mychannel"});
  CHECK(verified.status == 0);
  CHECK(desk.service.stop() == 0);
  desk.service.start_again();
  wait_until_served(desk.client);
  CHECK(desk.client.evaluate(note({"get", "after"}), 10s).response.evaluate().result().payload() ==
        "v");
}

TEST_CASE("a channel whose own disk is full is closed, and the others go on", "[e2e][issue-13]") {
  const auto disk = mount_disk(40 * kMiB, fs::path("channels") / "small");
  if (disk == nullptr) return;
  Desk desk(disk->directory(), "0", "mychannel,small");
  const std::string value = incompressible();
  Desk::wait([&] {
    const auto reply = desk.put("key", value, "small");
    return !reply.error.ok() && desk.health().find("committer.small") != std::string::npos;
  });
  REQUIRE(desk.put("key", value).error.ok());
  CHECK(desk.health().find("committer.mychannel") == std::string::npos);
  disk->resize(400 * kMiB);
  Desk::wait([&] { return desk.put("after", value, "small").error.ok(); });
  Desk::wait([&] { return desk.health().empty(); });
}

TEST_CASE("below the floor of free space submits are refused by name, and reads go on",
          "[e2e][issue-13]") {
  const auto disk = mount_disk(120 * kMiB);
  if (disk == nullptr) return;
  Desk desk(disk->path() / "ledger", std::to_string(40 * kMiB));
  REQUIRE(desk.put("before", "v").error.ok());
  std::ofstream(disk->path() / "filler") << std::string(90 * kMiB, 'x');
  client::Reply refused;
  Desk::wait([&] { return !(refused = desk.put("tx", "v")).error.ok(); });
  INFO(refused.error.message);
  CHECK(refused.error.code == RESOURCE_EXHAUSTED);
  CHECK_THAT(refused.error.message, Contains((disk->path() / "ledger").string() + " has ") &&
                                        Contains("limit 41943040 (limits.diskFreeBytes)"));
  CHECK_THAT(desk.health(), Contains("limits.diskFreeBytes"));
  CHECK(desk.client.evaluate(note({"get", "before"}), 10s).error.ok());

  fs::remove(disk->path() / "filler");
  Desk::wait([&] { return desk.put("after", "v").error.ok(); });
  CHECK(desk.health().empty());
}

TEST_CASE("a service does not start on a full disk, says why, and starts once there is room",
          "[e2e][issue-13]") {
  const auto disk = mount_disk(16 * kMiB);
  if (disk == nullptr) return;
  { std::ofstream(disk->path() / "filler") << std::string(17 * kMiB, 'x'); }
  const std::string ledger = "ledger.directory=" + (disk->path() / "ledger").string();
  const std::vector<std::string> command = {test::built_program("ccbusd"),
                                            "--json",
                                            "--set",
                                            ledger,
                                            "--set",
                                            "logging.level=off",
                                            "--set",
                                            "operations.listenAddress=",
                                            "--set",
                                            "peer.listenAddress=127.0.0.1:0",
                                            "--set",
                                            "peer.chaincodeListenAddress=127.0.0.1:0"};
  CHECK(Process(command).wait(30s) == 1);
  fs::remove(disk->path() / "filler");
  Process again(command);
  CHECK_THAT(again.read_line(30s), Contains("ready"));
  again.signal(SIGTERM);
  CHECK(again.wait(30s) == 0);
}

TEST_CASE("what a service writes is for its owner alone, whatever the umask", "[e2e][issue-13]") {
  const TemporaryDirectory directory;
  const fs::path ledger = directory.path() / "ledger";
  ServiceProcess service({"ledger.directory=" + ledger.string()},
                         {"/bin/sh", "-c", "umask 0; exec \"$@\"", "sh"});
  const auto snapshot = directory.path() / "snapshot";
  CHECK(run_ccbus(service.client_endpoint(),
                  {"ledger", "snapshot", snapshot.string(), "-C", "mychannel"})
            .status == 0);
  std::size_t files = 0;
  for (const fs::path& root : {ledger, snapshot}) {
    CHECK(fs::status(root).permissions() == fs::perms::owner_all);
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      INFO(entry.path());
      CHECK((entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
            fs::perms::none);
      ++files;
    }
  }
  CHECK(files > 10);
}

}  // namespace
}  // namespace ccbus::test
