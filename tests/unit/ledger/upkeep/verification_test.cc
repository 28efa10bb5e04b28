#include "service/ledger/upkeep/verification.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "service/ledger/commit/chain.h"
#include "tests/support/damageable_ledger.h"
#include "tests/support/process.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace fs = std::filesystem;

TEST_CASE("a sound ledger is found to be what its blocks make", "[ledger]") {
  DamageableLedger rig;
  const Verification found = rig.verify();
  CHECK(found.differences == std::vector<std::string>{});
  CHECK(found.differences_count == 0);
  CHECK(found.blocks == 7);
  CHECK(found.transactions == 11);
  // a, b and the definition; the hashes of kept/key, kept/key2 and passing/key.
  CHECK(found.keys == 6);
  CHECK(found.private_values == 2);
  CHECK(found.last_block_hash == rig.ledger().last_block_hash());
}

TEST_CASE("a ledger stays sound while private data expire and the ledger is opened again",
          "[ledger]") {
  DamageableLedger rig;
  rig.write({{"filler", "1"}});
  rig.close();
  CHECK(rig.verify().differences == std::vector<std::string>{});
  CHECK(rig.verify().private_values == 1);
}

TEST_CASE("an empty ledger is sound", "[ledger]") {
  LedgerRig rig;
  VerificationProgress progress;
  const auto found = verify_ledger(rig.ledger(), std::nullopt, progress);
  REQUIRE(found);
  CHECK(found->differences.empty());
  CHECK(found->blocks == 0);
  CHECK(found->last_block_hash.empty());
}

TEST_CASE("a ledger without history is verified without it", "[ledger]") {
  ChannelLedger::Options options;
  options.history = false;
  LedgerRig rig(options);
  rig.write({{"a", "1"}});
  VerificationProgress progress;
  const auto found = verify_ledger(rig.ledger(), std::nullopt, progress);
  REQUIRE(found);
  CHECK(found->differences.empty());
  CHECK(found->keys == 1);
}

TEST_CASE("a ledger is verified as of one height while it goes on committing", "[ledger]") {
  LedgerRig rig;
  rig.define({{"kept", 0}});
  int transactions = 0;
  const auto commit_one = [&] {
    Simulation tx = rig.begin("tx" + std::to_string(transactions++));
    const std::string key = "key" + std::to_string(transactions % 7);
    REQUIRE(tx->get_state(kNs, key));
    REQUIRE(tx->set_state(kNs, key, std::to_string(transactions)));
    REQUIRE(tx->set_private_data(kNs, "kept", key, std::to_string(transactions)));
    rig.commit(tx);
  };
  for (int i = 0; i < 20; ++i) commit_one();
  std::atomic<bool> is_done = false;
  std::vector<Verification> all;
  std::jthread verifier([&] {
    for (int i = 0; i < 3; ++i) {
      VerificationProgress progress;
      auto found = verify_ledger(rig.ledger(), std::nullopt, progress);
      if (found) all.push_back(std::move(*found));
    }
    is_done = true;
  });
  while (!is_done) commit_one();
  verifier.join();
  REQUIRE(all.size() == 3);
  for (const Verification& found : all) {
    CHECK(found.differences == std::vector<std::string>{});
    CHECK(found.blocks >= 21);
  }
}

TEST_CASE("a verification tells how far it is", "[ledger]") {
  DamageableLedger rig;
  VerificationProgress progress;
  REQUIRE(verify_ledger(rig.ledger(), std::nullopt, progress));
  CHECK(progress.blocks == 7);
  CHECK(progress.keys > 6 + 2);
}

TEST_CASE("the rebuilt ledger lives in the scratch directory and goes with the verification",
          "[ledger]") {
  const TemporaryDirectory directory;
  const fs::path scratch = directory.path() / "scratch" / "ch1";
  DamageableLedger rig;
  VerificationProgress progress;
  SECTION("which is made") {}
  SECTION("which may be there already") {
    fs::create_directories(scratch);
  }
  SECTION("also if it was cancelled") {
    progress.cancelled = true;
  }
  const auto found = verify_ledger(rig.ledger(), scratch, progress);
  REQUIRE(found.has_value() == !progress.cancelled);
  if (found) {
    CHECK(found->differences.empty());
  } else {
    CHECK(found.error().code == ErrorCode::kDeadline);
  }
  CHECK_FALSE(fs::exists(scratch));
}

TEST_CASE("a scratch directory that is in use is refused and left alone", "[ledger]") {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "file") << "precious";
  DamageableLedger rig;
  VerificationProgress progress;
  const auto in_use = verify_ledger(rig.ledger(), directory.path(), progress);
  REQUIRE_FALSE(in_use);
  CHECK(in_use.error().code == ErrorCode::kExists);
  CHECK_THAT(in_use.error().message, Catch::Contains(directory.path().string()));
  const auto no_directory = verify_ledger(rig.ledger(), directory.path() / "file", progress);
  REQUIRE_FALSE(no_directory);
  CHECK(no_directory.error().code == ErrorCode::kIo);
  CHECK(fs::exists(directory.path() / "file"));
}

TEST_CASE("a mark of no metadata that should not be there is a difference", "[ledger]") {
  DamageableLedger rig;  // Has metadata.
  rig.tamper(Family::kMeta, std::string(kNoMetadataKey), [](const auto&) { return ""; });
  CHECK(rig.verify().differences ==
        std::vector<std::string>{"ledger, entry 'no-metadata': no block makes it"});
}

TEST_CASE("a verification does not mind which position the log has, which no block tells",
          "[ledger]") {
  DamageableLedger rig;
  Simulation tx = rig.begin("behind entries without a block");
  OrderedBatch batch = rig.next_batch({rig.envelope(tx)});
  batch.position = {100};
  batch.log_state = "of the log";
  REQUIRE(rig.ledger().commit(std::move(batch)));
  CHECK(rig.verify().differences == std::vector<std::string>{});
}

TEST_CASE("a ledger from before positions is sound", "[ledger]") {
  DamageableLedger rig;
  rig.tamper(Family::kMeta, std::string(kEndKey),
             [](const auto& end) { return std::string(part_told_by_blocks(*end)); });
  CHECK(rig.verify().differences == std::vector<std::string>{});
}

TEST_CASE("a ledger from before the mark of no metadata is sound", "[ledger]") {
  LedgerRig rig;
  rig.write({{"a", "1"}});
  rig.tamper(Family::kMeta, std::string(kNoMetadataKey), [](const auto& mark) {
    CHECK(mark == "");
    return std::nullopt;
  });
  REQUIRE(rig.open());
  VerificationProgress progress;
  const auto found = verify_ledger(rig.ledger(), std::nullopt, progress);
  REQUIRE(found);
  CHECK(found->differences.empty());
}
