#include <rocksdb/db.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

#include "service/ledger/block/block.h"
#include "service/ledger/commit/chain.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ledger/state/store.h"
#include "tests/support/faulty_env.h"
#include "tests/support/ledger_rig.h"
#include "tests/support/transaction_parts.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

// A directory that goes with the test.
struct TemporaryDirectory {
  std::string path = (std::filesystem::temp_directory_path() / "ccbus-ledger-XXXXXX").string();

  TemporaryDirectory() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~TemporaryDirectory() { std::filesystem::remove_all(path); }
};

template <class Change>
void tamper(LedgerRig& rig, Family family, const std::string& key, Change&& change) {
  rig.tamper(family, key, [&](std::optional<std::string> value) {
    REQUIRE(value);
    change(*value);
    return value;
  });
}

template <class Change>
void tamper_block(LedgerRig& rig, std::uint64_t number, Change&& change) {
  tamper(rig, Family::kBlocks, block_key(number), [&](std::string& bytes) {
    common::Block block;
    REQUIRE(block.ParseFromString(bytes));
    change(block);
    bytes = block.SerializeAsString();
  });
}

void check_refused(LedgerRig& rig, const std::string& why) {
  const auto opened = rig.open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::kCorrupt);
  CHECK_THAT(opened.error().message, Catch::Contains(why));
}

void write_three_blocks(LedgerRig& rig) {
  rig.write({{"a", "1"}, {"b", "1"}});
  rig.write({{"a", "2"}});
  rig.write({{"b", ""}});
}

void check_chain(ChannelLedger& ledger) {
  std::string previous;
  for (std::uint64_t number = 0; number < ledger.height(); ++number) {
    const auto block = ledger.block(number);
    REQUIRE(block);
    REQUIRE(block->has_value());
    CHECK((*block)->header().number() == number);
    CHECK((*block)->header().previous_hash() == previous);
    CHECK((*block)->header().data_hash() == data_hash((*block)->data()));
    previous = header_hash((*block)->header());
  }
  CHECK(ledger.last_block_hash() == previous);
  CHECK_FALSE(ledger.block(ledger.height())->has_value());
}

// Block n writes n + 1 keys, all with the value n; whoever finds one of them must find all.
OrderedBatch numbered_batch(std::uint64_t number) {
  const std::string value = std::to_string(number);
  RwsetBuilder writes;
  writes.add_write(kNs, "last", value);
  for (std::uint64_t i = 0; i < number; ++i) {
    writes.add_write(kNs, "key" + std::to_string(i), value);
  }
  return {{TransactionParts(kChannel, "block" + value, writes.build()).envelope()}, {number + 1}};
}

void check_state_is_that_of_height(LedgerRig& rig, std::uint64_t height) {
  REQUIRE(rig.ledger().height() == height);
  check_chain(rig.ledger());
  CHECK(*rig.ledger().has_transaction(tx_id_of("block" + std::to_string(height))) == false);
  if (height == 0) return;
  const std::string value = std::to_string(height - 1);
  CHECK(*rig.ledger().has_transaction(tx_id_of("block" + value)));
  CHECK(rig.value_of("last") == value);
  for (std::uint64_t i = 0; i + 1 < height; ++i) {
    CHECK(rig.value_of("key" + std::to_string(i)) == value);
  }
}

}  // namespace

TEST_CASE("what was committed is there after the ledger was closed", "[ledger]") {
  LedgerRig rig;
  write_three_blocks(rig);
  const std::string hash = rig.ledger().last_block_hash();
  CHECK(hash.size() == 32);
  rig.close();
  REQUIRE(rig.open());
  CHECK(rig.ledger().height() == 3);
  CHECK(rig.ledger().last_block_hash() == hash);
  CHECK(rig.value_of("a") == "2");
  CHECK(rig.version_of("a") == Version{1, 0});
  CHECK_FALSE(rig.value_of("b"));
  CHECK(*rig.ledger().has_transaction(tx_id_of("write-1")));
  check_chain(rig.ledger());
  Simulation next = rig.begin("next");
  REQUIRE(next->set_state(kNs, "c", "1"));
  CHECK(rig.commit(next) == std::vector{protos::VALID});
  check_chain(rig.ledger());
}

TEST_CASE("a ledger on a real disk is made with its directories and found again", "[ledger]") {
  const TemporaryDirectory directory;
  ChannelLedger::Options options;
  options.directory = std::filesystem::path(directory.path) / "channels" / "ch1";
  LedgerRig rig(options);
  rig.write({{"k", "v"}});
  rig.close();
  REQUIRE(rig.open());
  CHECK(rig.value_of("k") == "v");
}

TEST_CASE("a ledger in memory is new each time", "[ledger]") {
  LedgerRig rig{ChannelLedger::Options{}};
  CHECK(rig.ledger().last_block_hash().empty());
  rig.write({{"k", "v"}});
  CHECK(rig.value_of("k") == "v");
  rig.close();
  REQUIRE(rig.open());
  CHECK(rig.ledger().height() == 0);
}

TEST_CASE("a database without some of the families gets them", "[ledger]") {
  LedgerRig rig;
  rig.close();
  const std::unique_ptr<rocksdb::Env> empty_disk(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  rocksdb::Options plain;
  plain.create_if_missing = true;
  plain.env = empty_disk.get();
  rocksdb::DB* made = nullptr;
  REQUIRE(rocksdb::DB::Open(plain, "/ledger", &made).ok());
  delete made;
  ChannelLedger::Options options = rig.options();
  options.env = empty_disk.get();
  LedgerRig other(options);
  other.write({{"k", "v"}});
  CHECK(other.value_of("k") == "v");
}

TEST_CASE("a directory of another channel is refused by name", "[ledger]") {
  LedgerRig rig;
  rig.close();
  const auto opened = ChannelLedger::open(ChannelId{"other"}, rig.options());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::kInvalid);
  CHECK(opened.error().message == "the ledger's channel is 'ch1', not 'other'");
}

TEST_CASE("a last block that is not what was written is refused", "[ledger]") {
  LedgerRig rig;
  write_three_blocks(rig);
  SECTION("other data") {
    tamper_block(rig, 2, [](common::Block& block) { block.mutable_data()->add_data("more"); });
    check_refused(rig, "block 2: its data hash is");
  }
  SECTION("another header") {
    tamper_block(rig, 2, [](common::Block& block) {
      block.mutable_header()->set_previous_hash("of another chain");
    });
    check_refused(rig, "block 2: its header's hash is");
  }
  SECTION("another number") {
    tamper_block(rig, 2, [](common::Block& block) { block.mutable_header()->set_number(7); });
    check_refused(rig, "block 2: its header has the number 7");
  }
  SECTION("a code too few") {
    tamper_block(rig, 2, [](common::Block& block) {
      block.mutable_metadata()->mutable_metadata(common::TRANSACTIONS_FILTER)->clear();
    });
    check_refused(rig, "block 2: it has 1 transactions and 0 validation codes");
  }
  SECTION("bytes that are no block") {
    tamper(rig, Family::kBlocks, block_key(2), [](std::string& bytes) { bytes = "\xff"; });
    check_refused(rig, "block 2: it cannot be decoded");
  }
}

TEST_CASE("a chain whose end does not hold together is refused", "[ledger]") {
  LedgerRig rig;
  write_three_blocks(rig);
  SECTION("the block before is another one") {
    tamper_block(rig, 1,
                 [](common::Block& block) { block.mutable_header()->set_data_hash("another"); });
    check_refused(rig, "block 2: its previous hash is");
  }
  SECTION("the recorded height is lower") {
    tamper(rig, Family::kMeta, "end", [](std::string& end) { end[7] = 2; });
    check_refused(rig, "block 2: the recorded height is 2, the blocks end at height 3");
  }
  SECTION("the recorded height is higher") {
    tamper(rig, Family::kMeta, "end", [](std::string& end) { end[7] = 9; });
    check_refused(rig, "block 8: the recorded height is 9, the blocks end at height 3");
  }
  SECTION("the recorded position is too short") {
    tamper(rig, Family::kMeta, "end", [](std::string& end) { end.pop_back(); });
    check_refused(rig, "the recorded end of the ledger is damaged");
  }
}

TEST_CASE("a commit without power fails and leaves the ledger where it was", "[ledger]") {
  FaultyEnv disk;
  ChannelLedger::Options options;
  options.directory = "/ledger";
  options.env = disk.env();
  LedgerRig rig(options);
  REQUIRE(rig.ledger().commit(numbered_batch(0)));
  disk.power_cut();
  const auto failed = rig.ledger().commit(numbered_batch(1));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ErrorCode::kIo);
  CHECK(rig.ledger().height() == 1);
  CHECK(rig.value_of("last") == "0");
}

TEST_CASE("the faulty disk forgets what was not synced, and keeps what was", "[ledger]") {
  FaultyEnv disk;
  std::unique_ptr<rocksdb::WritableFile> file;
  REQUIRE(disk.env()->NewWritableFile("/file", &file, {}).ok());
  REQUIRE(file->Append("kept").ok());
  REQUIRE(file->Sync().ok());
  REQUIRE(file->Append("lost").ok());
  std::unique_ptr<rocksdb::WritableFile> unnamed;
  REQUIRE(disk.env()->NewWritableFile("/unnamed", &unnamed, {}).ok());
  disk.power_cut();
  CHECK_FALSE(file->Append("late").ok());
  file.reset();
  unnamed.reset();
  disk.power_on(1);
  std::string content;
  REQUIRE(rocksdb::ReadFileToString(disk.env(), "/file", &content).ok());
  CHECK(content == "keptl");
  CHECK(disk.env()->FileExists("/unnamed").IsNotFound());
}

TEST_CASE("after a power cut every acknowledged block is there and no half block is", "[ledger]") {
  const std::uint32_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 60; ++round) {
    FaultyEnv disk;
    ChannelLedger::Options options;
    options.directory = "/ledger";
    options.env = disk.env();
    LedgerRig rig(options);
    disk.power_cut_after(random() % 60);
    std::uint64_t acknowledged = 0;
    while (rig.ledger().commit(numbered_batch(acknowledged))) ++acknowledged;
    rig.close();
    disk.power_on(random() % 200);
    INFO("round " << round << ", acknowledged " << acknowledged);
    REQUIRE(rig.open());
    // A block that was written but not acknowledged may be there, whole.
    const std::uint64_t height = rig.ledger().height();
    REQUIRE((height == acknowledged || height == acknowledged + 1));
    REQUIRE(rig.ledger().position() == LogPosition{height});
    check_state_is_that_of_height(rig, height);
    REQUIRE(rig.ledger().commit(numbered_batch(height)));
    check_state_is_that_of_height(rig, height + 1);
  }
}
