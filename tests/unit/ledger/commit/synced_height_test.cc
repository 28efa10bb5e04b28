#include "service/ledger/commit/synced_height.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "service/ledger/upkeep/ledger_snapshot.h"
#include "service/ledger/upkeep/verification.h"
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
  const auto now = SyncedHeight::open(*rocksdb::Env::Default(), disk.path.string());
  REQUIRE(now);
  CHECK(now->found() == 2);
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
  disk.rig.write({{"a", "1"}});
  disk.rig.close();
  {
    // One family is flushed, and a new log begins; another still needs the first one.
    const auto store = Store::open({disk.path});
    REQUIRE(store);
    rocksdb::WriteBatch batch;
    batch.Put((*store)->family(Family::kMeta), "any", "value");
    batch.Put((*store)->family(Family::kIndexes), "any", "value");
    REQUIRE((*store)->write_synced(batch));
    REQUIRE((*store)->db().Flush(rocksdb::FlushOptions(), (*store)->family(Family::kMeta)).ok());
    REQUIRE((*store)->write_synced(batch));
  }
  std::vector<fs::path> logs;
  for (const auto& entry : fs::directory_iterator(disk.path)) {
    if (entry.path().extension() == ".log") logs.push_back(entry.path());
  }
  std::sort(logs.begin(), logs.end());
  REQUIRE(logs.size() == 2);
  SECTION("missing") {
    fs::remove(logs.front());
  }
  SECTION("shorter") {
    fs::resize_file(logs.front(), fs::file_size(logs.front()) - 1);
  }
  const auto opened = disk.rig.open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::kCorrupt);
  CHECK_THAT(opened.error().message,
             Contains(disk.path.string()) && Contains(logs.front().filename().string()));
}

TEST_CASE("damage in any file of a ledger is reported with that file", "[ledger][issue-13]") {
  DiskLedger disk;
  const std::string large(1u << 20, 'x');
  for (int i = 0; i < 20; ++i) disk.rig.write({{"key" + std::to_string(i), large}});
  disk.rig.close();
  const std::string kind = GENERATE("log", "sst", "MANIFEST", "CURRENT");
  fs::path damaged;
  for (const auto& entry : fs::directory_iterator(disk.path)) {
    const std::string name = entry.path().filename().string();
    if (name.find(kind) != std::string::npos) damaged = std::max(damaged, entry.path());
  }
  REQUIRE_FALSE(damaged.empty());
  {
    std::fstream file(damaged, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(damaged) / 2));
    file.write("damaged", 7);
  }
  INFO("damaged: " << damaged);
  std::string message;
  if (const auto opened = disk.rig.open(); !opened) {
    message = opened.error().message;
  } else {
    VerificationProgress progress;
    const auto found = verify_ledger(disk.rig.ledger(), std::nullopt, progress);
    if (!found) {
      message = found.error().message;
    } else {
      for (const std::string& difference : found->differences) message += difference + "\n";
    }
  }
  CHECK_THAT(message, Contains(disk.path.string()) && Contains(damaged.filename().string()));
}
