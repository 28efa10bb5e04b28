#include "service/ledger/upkeep/ledger_snapshot.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "tests/support/damageable_ledger.h"
#include "tests/support/process.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace fs = std::filesystem;

namespace {

ChannelLedger::Options at(const fs::path& directory) {
  ChannelLedger::Options options;
  options.directory = directory;
  return options;
}

// A ledger on a real disk, and room beside it.
struct Disk {
  TemporaryDirectory directory;
  fs::path snapshot = directory.path() / "snapshots" / "one";
  fs::path target = directory.path() / "restored" / "ch1";
  DamageableLedger rig{at(directory.path() / "ch1")};

  void check_restored(const SnapshotInfo& info) {
    const auto restored = restore_snapshot(snapshot, target);
    REQUIRE(restored);
    CHECK(restored->height == info.height);
    LedgerRig other(at(target));
    CHECK(other.ledger().height() == info.height);
    CHECK(other.ledger().last_block_hash() == info.last_block_hash);
    VerificationProgress progress;
    const auto found = verify_ledger(other.ledger(), std::nullopt, progress);
    REQUIRE(found);
    CHECK(found->differences == std::vector<std::string>{});
    CHECK(found->blocks == info.height);
  }
};

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void check_refused(const Result<SnapshotInfo>& result, ErrorCode code, const fs::path& path,
                   const std::string& why) {
  REQUIRE_FALSE(result);
  CHECK(result.error().code == code);
  CHECK_THAT(result.error().message, Catch::Contains(path.string()) && Catch::Contains(why));
}

}  // namespace

TEST_CASE("a snapshot is restored as what it was, private data included", "[ledger]") {
  Disk disk;
  const auto info = write_snapshot(disk.rig.ledger(), disk.snapshot);
  REQUIRE(info);
  CHECK(info->channel == kChannel);
  CHECK(info->height == 7);
  CHECK(info->last_block_hash == disk.rig.ledger().last_block_hash());
  CHECK(content_of(disk.snapshot / "snapshot.json") ==
        "{\n  \"format\": \"ccbus-snapshot-1\",\n  \"channel\": \"ch1\",\n  \"height\": 7,\n"
        "  \"last_block_hash\": \"" +
            to_hex(info->last_block_hash) + "\"\n}\n");
  // Looking into it left nothing behind that an opened database has.
  CHECK_FALSE(fs::exists(disk.snapshot / "ledger" / "LOG"));
  CHECK_FALSE(fs::exists(disk.snapshot / "ledger" / "LOCK"));
  disk.rig.write({{"a", "later"}});
  disk.check_restored(*info);
  LedgerRig restored(at(disk.target));
  CHECK(restored.value_of("a") == "2");
  Simulation reader = restored.begin("reader");
  CHECK(reader->get_private_data(kNs, "kept", "key")->value_or("-") == "secret");
}

TEST_CASE("a snapshot of an empty ledger is one", "[ledger]") {
  const TemporaryDirectory directory;
  LedgerRig rig(at(directory.path() / "ch1"));
  const auto info = write_snapshot(rig.ledger(), directory.path() / "snapshot");
  REQUIRE(info);
  CHECK(info->height == 0);
  CHECK(info->last_block_hash.empty());
  REQUIRE(restore_snapshot(directory.path() / "snapshot", directory.path() / "restored"));
  CHECK(LedgerRig(at(directory.path() / "restored")).ledger().height() == 0);
}

TEST_CASE("a snapshot that is made while blocks come is of one height", "[ledger]") {
  Disk disk;
  std::atomic<bool> is_done = false;
  std::vector<Result<SnapshotInfo>> all;
  std::jthread copier([&] {
    for (int i = 0; i < 5; ++i) {
      all.push_back(write_snapshot(disk.rig.ledger(), disk.snapshot / std::to_string(i)));
    }
    is_done = true;
  });
  for (int i = 0; !is_done; ++i) {
    const std::string value = std::to_string(i);
    disk.rig.write({{"a", value}, {"b", value}, {"key" + std::to_string(i % 100), value}});
  }
  copier.join();
  const fs::path root = disk.snapshot;
  for (std::size_t i = 0; i < all.size(); ++i) {
    REQUIRE(all[i]);
    CHECK(all[i]->height <= disk.rig.ledger().height());
    disk.snapshot = root / std::to_string(i);
    disk.target = disk.directory.path() / ("restored" + std::to_string(i));
    disk.check_restored(*all[i]);
  }
}

TEST_CASE("a snapshot stays what it is when what was restored from it goes on", "[ledger]") {
  Disk disk;
  const auto info = write_snapshot(disk.rig.ledger(), disk.snapshot);
  REQUIRE(info);
  REQUIRE(restore_snapshot(disk.snapshot, disk.target));
  for (const auto& entry : fs::directory_iterator(disk.target)) {
    CHECK(fs::hard_link_count(entry.path()) == 1);
  }
  LedgerRig(at(disk.target)).write({{"a", "later"}});
  disk.target = disk.directory.path() / "restored again";
  disk.check_restored(*info);
}

TEST_CASE("a snapshot takes a directory that is empty and no other", "[ledger]") {
  Disk disk;
  fs::create_directories(disk.snapshot);
  REQUIRE(write_snapshot(disk.rig.ledger(), disk.snapshot));
  check_refused(write_snapshot(disk.rig.ledger(), disk.snapshot), ErrorCode::kExists, disk.snapshot,
                "it is not empty");
  CHECK(read_snapshot(disk.snapshot));
  const fs::path file = disk.snapshot / "snapshot.json" / "below a file";
  check_refused(write_snapshot(disk.rig.ledger(), file), ErrorCode::kIo, file, "Not a directory");
}

TEST_CASE("a ledger in memory has no snapshots", "[ledger]") {
  const TemporaryDirectory directory;
  DamageableLedger rig;
  const auto info = write_snapshot(rig.ledger(), directory.path() / "snapshot");
  REQUIRE_FALSE(info);
  CHECK(info.error().code == ErrorCode::kPrecondition);
  CHECK(info.error().message == "the ledger is in memory, not on a disk");
  CHECK(fs::is_empty(directory.path() / "snapshot"));
}

TEST_CASE("a snapshot that was interrupted is not restored", "[ledger]") {
  Disk disk;
  REQUIRE(write_snapshot(disk.rig.ledger(), disk.snapshot));
  fs::remove(disk.snapshot / "snapshot.json");
  SECTION("before its manifest was begun") {}
  SECTION("while it was written") {
    std::ofstream(disk.snapshot / "snapshot.json.partial") << "{\"format\"";
  }
  check_refused(read_snapshot(disk.snapshot), ErrorCode::kNotFound, disk.snapshot,
                "it holds no complete snapshot: snapshot.json is missing");
  CHECK_FALSE(restore_snapshot(disk.snapshot, disk.target));
  CHECK_FALSE(fs::exists(disk.target));
}

TEST_CASE("a manifest that is none is refused", "[ledger]") {
  const TemporaryDirectory directory;
  const auto read = [&](const std::string& manifest) {
    std::ofstream(directory.path() / "snapshot.json") << manifest;
    return read_snapshot(directory.path());
  };
  const fs::path file = directory.path() / "snapshot.json";
  const std::string begin = R"({"format": "ccbus-snapshot-1", "channel": "ch1", )";
  CHECK(read(begin + R"("height": 1, "last_block_hash": "0a"})")->last_block_hash == "\n");
  check_refused(read("{\"format"), ErrorCode::kInvalid, file, "it is no JSON object");
  check_refused(read("[]"), ErrorCode::kInvalid, file, "it is no JSON object");
  check_refused(read("{}"), ErrorCode::kInvalid, file, "its format is not ccbus-snapshot-1");
  check_refused(read(R"({"format": "ccbus-snapshot-2"})"), ErrorCode::kInvalid, file, "format");
  for (const char* end :
       {R"("height": 1})", R"("height": -1, "last_block_hash": ""})",
        R"("height": 1, "last_block_hash": "0g"})", R"("height": 1, "last_block_hash": "abc"})",
        R"("height": 1, "last_block_hash": 7})"}) {
    check_refused(read(begin + end), ErrorCode::kInvalid, file, "it needs a channel");
  }
}

TEST_CASE("a snapshot or a restore that is cancelled leaves nothing behind", "[ledger]") {
  Disk disk;
  CancellationSource source;
  const CancellationToken cancelled = source.token();
  source.cancel();
  const auto written = write_snapshot(disk.rig.ledger(), disk.snapshot, cancelled);
  check_refused(written, ErrorCode::kDeadline, disk.directory.path(), "was cancelled");
  CHECK(fs::is_empty(disk.snapshot));
  REQUIRE(write_snapshot(disk.rig.ledger(), disk.snapshot));
  const auto restored = restore_snapshot(disk.snapshot, disk.target, cancelled);
  check_refused(restored, ErrorCode::kDeadline, disk.snapshot, "was cancelled");
  CHECK(fs::is_empty(disk.target.parent_path()));
  REQUIRE(restore_snapshot(disk.snapshot, disk.target));
}

TEST_CASE("a restore takes the place of nothing", "[ledger]") {
  Disk disk;
  REQUIRE(write_snapshot(disk.rig.ledger(), disk.snapshot));
  fs::create_directories(disk.target);
  check_refused(restore_snapshot(disk.snapshot, disk.target), ErrorCode::kExists, disk.target,
                "it exists");
  CHECK(fs::is_empty(disk.target));
}

TEST_CASE("a restore goes on where another one was interrupted", "[ledger]") {
  Disk disk;
  const auto info = write_snapshot(disk.rig.ledger(), disk.snapshot);
  REQUIRE(info);
  const fs::path partial = disk.target.string() + "~partial";
  fs::create_directories(partial);
  std::ofstream(partial / "CURRENT") << "half a file";
  disk.check_restored(*info);
  CHECK_FALSE(fs::exists(partial));
}

TEST_CASE("a snapshot that is not what its manifest says is not restored", "[ledger]") {
  Disk disk;
  REQUIRE(write_snapshot(disk.rig.ledger(), disk.snapshot));
  const fs::path ledger = disk.snapshot / "ledger";
  SECTION("another height") {
    fs::remove_all(ledger);
    disk.rig.write({{"a", "later"}});
    REQUIRE(disk.rig.ledger().copy_to(ledger, {}));
    check_refused(restore_snapshot(disk.snapshot, disk.target), ErrorCode::kCorrupt, ledger,
                  "it has the height 8");
  }
  SECTION("another channel") {
    std::string manifest = content_of(disk.snapshot / "snapshot.json");
    manifest.replace(manifest.find("ch1"), 3, "ch2");
    std::ofstream(disk.snapshot / "snapshot.json") << manifest;
    check_refused(restore_snapshot(disk.snapshot, disk.target), ErrorCode::kInvalid, disk.target,
                  "the ledger's channel is 'ch1', not 'ch2'");
  }
  SECTION("a file of the database is gone") {
    for (const auto& entry : fs::directory_iterator(ledger)) {
      if (entry.path().extension() == ".sst") fs::remove(entry.path());
    }
    REQUIRE_FALSE(restore_snapshot(disk.snapshot, disk.target));
  }
  SECTION("any one file of the database is damaged") {
    for (const auto& entry : fs::directory_iterator(ledger)) {
      if (entry.path().extension() != ".sst") continue;
      const std::string content = content_of(entry.path());
      std::string damaged = content;
      damaged[10] ^= 1;
      fs::remove(entry.path());  // It is the live ledger's file, too.
      std::ofstream(entry.path(), std::ios::binary) << damaged;
      check_refused(restore_snapshot(disk.snapshot, disk.target), ErrorCode::kCorrupt, disk.target,
                    "checksum mismatch");
      std::ofstream(entry.path(), std::ios::binary) << content;
    }
  }
  SECTION("the database is gone") {
    fs::remove_all(ledger);
    check_refused(restore_snapshot(disk.snapshot, disk.target), ErrorCode::kIo, ledger,
                  "No such file or directory");
  }
  CHECK_FALSE(fs::exists(disk.target));
  CHECK_FALSE(fs::exists(disk.target.string() + "~partial"));
}
