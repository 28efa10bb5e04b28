// A ledger on a disk whose calls fail: what a failure leaves, and how the ledger goes on.
#include <catch2/catch.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "service/ledger/block/rwset.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ledger/upkeep/verification.h"
#include "tests/support/faulty_env.h"
#include "tests/support/ledger_rig.h"
#include "tests/support/transaction_parts.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

ChannelLedger::Options options_on(FaultyEnv& disk) {
  ChannelLedger::Options options;
  options.directory = "/ledger";
  options.env = disk.env();
  return options;
}

OrderedBatch batch_of(std::uint64_t number) {
  const std::string name = std::to_string(number);
  RwsetBuilder writes;
  writes.add_write(kNs, "key" + name, name);
  return {{TransactionParts(kChannel, "tx" + name, writes.build()).envelope()}, {number + 1}};
}

std::string name_of(std::uint64_t number) {
  return tx_id_of("tx" + std::to_string(number)).value;
}

// Does what the service's committer does, on a disk of which one call fails.
class Committing {
 public:
  explicit Committing(FaultyEnv& disk) : disk_(disk) {}

  // Opens the ledger, again after a failure.
  void open() {
    auto opened = ChannelLedger::open(kChannel, options_on(disk_));
    if (!opened) {
      check_is_typed(opened.error());
      disk_.repair();
      opened = ChannelLedger::open(kChannel, options_on(disk_));
    }
    REQUIRE(opened);
    ledger_ = std::move(*opened);
    REQUIRE(ledger_->height() == height_);
  }

  void close() { ledger_.reset(); }

  // Makes the next block. After a failure the ledger is opened again, which decides whether the
  // block is there.
  void commit() {
    OrderedBatch batch = batch_of(height_);
    auto block = ledger_->commit(std::move(batch));
    if (!block) block = settle(batch, block.error());
    REQUIRE(block->number == height_);
    REQUIRE(block->transactions.size() == 1);
    CHECK(block->transactions.front().tx_id.value == name_of(height_));
    CHECK(block->transactions.front().code == protos::VALID);
    ++height_;
    REQUIRE(ledger_->height() == height_);
  }

  void check_all_is_there() {
    for (std::uint64_t number = 0; number < height_; ++number) {
      const auto record = ledger_->transaction(TxId{name_of(number)});
      REQUIRE(record);
      REQUIRE(record->has_value());
      CHECK((*record)->block_num == number);
    }
    VerificationProgress progress;
    const auto found = verify_ledger(*ledger_, std::nullopt, progress);
    REQUIRE(found);
    CHECK(found->differences.empty());
    CHECK(found->blocks == height_);
  }

 private:
  static void check_is_typed(const ccbus::Error& error) {
    INFO(error.message);
    CHECK(error.code == ErrorCode::kIo);
    CHECK_FALSE(error.message.empty());
  }

  Result<BlockCommitted> settle(OrderedBatch& batch, const ccbus::Error& why) {
    check_is_typed(why);
    // The batch is whole, so that it can be committed again.
    const OrderedBatch same = batch_of(height_);
    REQUIRE(batch.envelopes.size() == 1);
    CHECK(batch.envelopes.front().bytes == same.envelopes.front().bytes);
    CHECK(batch.envelopes.front().tx_id == same.envelopes.front().tx_id);
    ledger_->close("the disk");
    auto reopened = ledger_->reopen();
    if (!reopened) {
      check_is_typed(reopened.error());
      disk_.repair();
      reopened = ledger_->reopen();
    }
    REQUIRE(reopened);
    disk_.repair();
    if (*reopened) return std::move(**reopened);
    return ledger_->commit(std::move(batch));
  }

  FaultyEnv& disk_;
  std::unique_ptr<ChannelLedger> ledger_;
  std::uint64_t height_ = 0;
};

// Under ThreadSanitizer every thread that RocksDB starts costs milliseconds, and a story starts
// dozens: there each run takes a fifth of the calls, another one each time.
#ifdef __SANITIZE_THREAD__
constexpr std::uint64_t kStride = 5;
#else
constexpr std::uint64_t kStride = 1;
#endif

void run_story(FaultyEnv& disk) {
  Committing story(disk);
  story.open();
  story.commit();
  story.commit();
  story.close();
  story.open();  // Replays the log and writes tables.
  story.commit();
  story.commit();
  story.close();
  story.open();  // Looks at the tables.
  story.commit();
  disk.repair();
  story.check_all_is_there();
}

}  // namespace

TEST_CASE("every call on the disk may fail once: nothing acknowledged is lost, nothing aborts",
          "[ledger][issue-13]") {
  // Which kind of error each call gets; over the runs, all of them.
  const std::uint32_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::uint64_t calls = random() % kStride;
  for (bool has_failed = true; has_failed; calls += kStride) {
    const bool is_full = random() % 2 == 0;
    const bool stays = random() % 2 == 0;
    INFO("call " << calls << (is_full ? ", no space" : ", broken") << (stays ? ", stays" : ""));
    FaultyEnv disk;
    disk.fail_call(calls, is_full ? FaultyEnv::Error::kNoSpace : FaultyEnv::Error::kIo, stays);
    run_story(disk);
    has_failed = disk.has_failed();
  }
  CHECK(calls > 100);  // The story makes that many calls, and each of them has failed once.
}

TEST_CASE("while the ledger is closed every read is refused by name, and what is known is told",
          "[ledger][issue-13]") {
  FaultyEnv disk;
  LedgerRig rig(options_on(disk));
  rig.write({{"a", "1"}});
  ChannelLedger& ledger = rig.ledger();
  const std::string hash = ledger.last_block_hash();
  ledger.close("the disk is full");
  CHECK(ledger.height() == 1);
  CHECK(ledger.last_block_hash() == hash);
  CHECK(ledger.position() == LogPosition{1});
  CHECK(ledger.storage_metrics().live_bytes == 0);
  const auto value = ledger.snapshot()->get(kNs, "a");
  REQUIRE_FALSE(value);
  CHECK(value.error().code == ErrorCode::kUnavailable);
  CHECK(value.error().message ==
        "the ledger of channel ch1 is closed for the moment: the disk is full");
  for (const auto& code :
       {ledger.block(0).error().code, ledger.has_transaction(TxId{"x"}).error().code,
        ledger.whole_snapshot().error().code, ledger.copy_to("/copy", {}).error().code}) {
    CHECK(code == ErrorCode::kUnavailable);
  }
  const auto reopened = ledger.reopen();
  REQUIRE(reopened);
  CHECK_FALSE(reopened->has_value());
  CHECK(rig.value_of("a") == "1");
}

TEST_CASE("a ledger is not opened again while somebody reads what was closed",
          "[ledger][issue-13]") {
  FaultyEnv disk;
  LedgerRig rig(options_on(disk));
  rig.write({{"a", "1"}});
  auto view = rig.ledger().snapshot();
  rig.ledger().close("the disk is full");
  const auto refused = rig.ledger().reopen();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kUnavailable);
  REQUIRE(view->get(kNs, "a"));  // What was taken before stays readable.
  view.reset();
  REQUIRE(rig.ledger().reopen());
  CHECK(rig.value_of("a") == "1");
}
