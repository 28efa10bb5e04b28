#include "service/ledger/commit/synced_height.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "service/ledger/upkeep/ledger_snapshot.h"
#include "tests/support/ledger_rig.h"
#include "tests/support/process.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

// A ledger on a real disk.
struct DiskLedger {
  TemporaryDirectory directory;
  fs::path path = directory.path() / "ch1";
  LedgerRig rig{options()};

  ChannelLedger::Options options() const {
    ChannelLedger::Options options;
    options.directory = path;
    return options;
  }

  fs::path synced_height() const { return path / SyncedHeight::kFileName; }

  // The one write-ahead log that is still written to.
  fs::path live_log() const {
    fs::path newest;
    for (const auto& entry : fs::directory_iterator(path)) {
      if (entry.path().extension() == ".log") newest = std::max(newest, entry.path());
    }
    REQUIRE_FALSE(newest.empty());
    return newest;
  }

  void check_refused(const std::string& height, const std::string& synced) {
    const auto opened = rig.open();
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::kCorrupt);
    CHECK_THAT(opened.error().message,
               Contains("the ledger in " + path.string() + ": ") &&
                   Contains("the height is " + height + ", but " + synced_height().string() +
                            " says that height " + synced + " was synced"));
  }
};

}  // namespace

TEST_CASE("a ledger whose write-ahead log is gone is refused, with both heights and the file",
          "[ledger][issue-13]") {
  DiskLedger disk;
  for (const char* value : {"1", "2", "3"}) disk.rig.write({{"a", value}});
  disk.rig.close();
  SECTION("the log is missing") {
    fs::remove(disk.live_log());
    disk.check_refused("0", "3");
    disk.check_refused("0", "3");  // Each time: opening does not make it valid.
  }
  SECTION("the log ends earlier") {
    const fs::path log = disk.live_log();
    fs::resize_file(log, fs::file_size(log) - 20);
    disk.check_refused("2", "3");
  }
  SECTION("the file that says so is removed, as the error proposes") {
    const fs::path log = disk.live_log();
    fs::resize_file(log, fs::file_size(log) - 20);
    disk.check_refused("2", "3");
    fs::remove(disk.synced_height());
    REQUIRE(disk.rig.open());
    CHECK(disk.rig.ledger().height() == 2);
    CHECK(disk.rig.value_of("a") == "2");
  }
  SECTION("nothing is missing") {
    REQUIRE(disk.rig.open());
    CHECK(disk.rig.ledger().height() == 3);
  }
}

TEST_CASE("a synced height that is too low, missing or incomplete refuses nothing",
          "[ledger][issue-13]") {
  DiskLedger disk;
  disk.rig.write({{"a", "1"}});
  disk.rig.close();
  fs::copy_file(disk.synced_height(), disk.directory.path() / "older");
  REQUIRE(disk.rig.open());
  disk.rig.write({{"a", "2"}});
  disk.rig.close();
  SECTION("too low") {
    fs::copy_file(disk.directory.path() / "older", disk.synced_height(),
                  fs::copy_options::overwrite_existing);
  }
  SECTION("missing") {
    fs::remove(disk.synced_height());
  }
  SECTION("empty") {
    fs::resize_file(disk.synced_height(), 0);
  }
  SECTION("half of it") {
    fs::resize_file(disk.synced_height(), 12);
  }
  SECTION("a height without its checksum") {
    std::fstream file(disk.synced_height(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(15);
    file.put('\x09');
  }
  REQUIRE(disk.rig.open());
  CHECK(disk.rig.ledger().height() == 2);
  disk.rig.close();
  // From now on it is right again.
  fs::remove(disk.live_log());
  const auto opened = disk.rig.open();
  if (opened)
    CHECK(disk.rig.ledger().height() == 2);  // RocksDB had written it to a table.
  else
    CHECK_THAT(opened.error().message, Contains("says that height 2 was synced"));
}

TEST_CASE("a snapshot that is restored records its own height", "[ledger][issue-13]") {
  DiskLedger disk;
  disk.rig.write({{"a", "1"}});
  const fs::path snapshot = disk.directory.path() / "snapshot";
  REQUIRE(write_snapshot(disk.rig.ledger(), snapshot));
  disk.rig.write({{"a", "2"}});
  disk.rig.close();
  CHECK_FALSE(fs::exists(snapshot / "ledger" / SyncedHeight::kFileName));
  fs::remove_all(disk.path);
  REQUIRE(restore_snapshot(snapshot, disk.path));
  REQUIRE(disk.rig.open());
  CHECK(disk.rig.ledger().height() == 1);
  CHECK(fs::file_size(disk.synced_height()) == 24);
}

TEST_CASE("a write-ahead log that is complete and then missing is refused by its name",
          "[ledger][issue-13]") {
  DiskLedger disk;
  // Blocks of one family fill up logs that the other families still need.
  const std::string large(1u << 20, 'x');
  for (int i = 0; i < 12; ++i) disk.rig.write({{"key" + std::to_string(i), large}});
  disk.rig.close();
  std::vector<fs::path> logs;
  for (const auto& entry : fs::directory_iterator(disk.path)) {
    if (entry.path().extension() == ".log") logs.push_back(entry.path());
  }
  std::sort(logs.begin(), logs.end());
  INFO("logs: " << logs.size());
  fs::remove(logs.front());
  const auto opened = disk.rig.open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::kCorrupt);
  CHECK_THAT(opened.error().message, Contains(disk.path.string()));
}
