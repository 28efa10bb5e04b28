// Today's code on the ledger of an earlier release: tests/fixtures/ledger-6c2d166/README.md says
// what it holds.
#include <catch2/catch.hpp>
#include <filesystem>

#include "fabric/ledger/kv_query_result.pb.h"
#include "service/ledger/state/definition.h"
#include "service/ledger/upkeep/ledger_snapshot.h"
#include "service/ledger/upkeep/verification.h"
#include "tests/support/checkout.h"
#include "tests/support/process.h"
#include "tests/support/rich_query_rig.h"
#include "tests/support/transaction_parts.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace fs = std::filesystem;

namespace {

using Strings = std::vector<std::string>;

const fs::path kFixture = fs::path(test::source_path("tests/fixtures/ledger-6c2d166"));

ChannelLedger::Options options_in(const fs::path& directory) {
  ChannelLedger::Options options;
  options.directory = directory;
  return options;
}

// LedgerRig::write() would use transaction ids that the old ledger has.
void write(LedgerRig& rig, const std::string& name,
           const std::vector<std::pair<std::string, std::string>>& pairs) {
  Simulation tx = rig.begin(name);
  for (const auto& [key, value] : pairs) REQUIRE(tx->set_state(kNs, key, value));
  REQUIRE(rig.commit(tx).front() == protos::VALID);
}

// A copy of the old ledger, opened.
struct OlderLedger {
  TemporaryDirectory directory;
  RichQueryRig rig;

  OlderLedger() : rig(options_in(copied_to(directory.path()))) {
    rig.indexes = {index_on({"color", "size"}), index_on({"size"})};
  }

  static fs::path copied_to(const fs::path& directory) {
    fs::copy(kFixture / "ch1", directory / "ch1", fs::copy_options::recursive);
    return directory / "ch1";
  }

  void verify() {
    VerificationProgress progress;
    const auto found = verify_ledger(rig.ledger(), std::nullopt, progress);
    REQUIRE(found);
    CHECK(found->differences == Strings{});
    CHECK(found->blocks == rig.ledger().height());
  }

  // "-" for an absent key, otherwise the value or the error.
  std::string private_value(const std::string& collection, const std::string& key) {
    const auto value = rig.begin("read")->get_private_data(kNs, collection, key);
    return value ? value->value_or("-") : value.error().message;
  }

  // Newest first; "-" for a deletion.
  Strings history(const std::string& key) {
    const auto view = rig.ledger().snapshot();  // The cursor needs it.
    const auto cursor = view->history(kNs, key);
    REQUIRE(cursor);
    Strings values;
    for (auto next = (*cursor)->next(); *next; next = (*cursor)->next()) {
      queryresult::KeyModification change;
      REQUIRE(change.ParseFromString(**next));
      values.push_back(change.is_delete() ? "-" : change.value());
    }
    return values;
  }

  protos::TxValidationCode code_of(const std::string& name) {
    const auto record = rig.ledger().transaction(tx_id_of(name));
    REQUIRE(record);
    REQUIRE(*record);
    return (*record)->code;
  }
};

}  // namespace

TEST_CASE("a ledger of an earlier release opens and verifies", "[ledger]") {
  OlderLedger old;
  CHECK(old.rig.ledger().height() == 10);
  CHECK(old.rig.ledger().position() == LogPosition{10});
  old.verify();
}

TEST_CASE("the blocks of an earlier release keep the rules of their time", "[ledger][issue-14]") {
  OlderLedger old;
  CHECK(old.rig.ledger().capabilities() == Capabilities({{kNewestCapability, 10}}));
  write(old.rig, "new", {{"a", "3"}});
  old.rig.close();
  REQUIRE(old.rig.open());
  CHECK(old.rig.ledger().capabilities() == Capabilities({{kNewestCapability, 10}}));
  // The two that share their id with a later one: 6c2d166 recorded that one, as verify() rebuilds
  // it.
  CHECK(old.code_of("first-broken") == protos::VALID);
  old.verify();
}

TEST_CASE("the public state and history of an earlier release are read as written", "[ledger]") {
  OlderLedger old;
  CHECK(old.rig.value_of("a") == "2");
  CHECK(old.rig.value_of("b") == "2");
  CHECK(old.rig.version_of("a") == Version{2, 0});
  CHECK(old.rig.value_of(std::string("nul\0key", 7)) == "nul");
  CHECK_FALSE(old.rig.value_of("gone"));
  CHECK_FALSE(old.rig.value_of("c"));
  const auto metadata = old.rig.begin("read")->get_state_metadata(kNs, "b");
  REQUIRE(metadata);
  CHECK(*metadata == Metadata{{"VALIDATION_PARAMETER", "policy"}});
  CHECK(old.history("a") == Strings{"2", "1"});
  CHECK(old.history("gone") == Strings{"-", "1"});
}

TEST_CASE("the private data of an earlier release are read as written", "[ledger]") {
  OlderLedger old;
  CHECK(old.private_value("kept", "key") == "secret of key");
  CHECK(old.private_value("kept", "touched") == "secret of touched");
  CHECK(old.private_value("kept", "purged") == "-");
  for (const char* missing : {"lost", "replaced"}) {
    CHECK(old.private_value("kept", missing) ==
          "private data matching public hash version is not available. Public hash version = "
          "{BlockNum: 5, TxNum: 0}, Private data version = <nil>");
  }
  CHECK(old.private_value("passing", "early") == "expires with block 11");
  CHECK(old.private_value("passing", "late") == "expires with block 15");
}

TEST_CASE("the transactions and the definition of an earlier release are found", "[ledger]") {
  OlderLedger old;
  CHECK(old.code_of("winner") == protos::VALID);
  CHECK(old.code_of("loser") == protos::MVCC_READ_CONFLICT);
  CHECK(old.code_of("phantom") == protos::PHANTOM_READ_CONFLICT);
  CHECK(old.code_of("again") == protos::VALID);
  // The last one of an id was recorded; today it is the first one.
  CHECK(old.code_of("first-broken") == protos::VALID);
  CHECK(old.code_of("second-broken") == protos::INVALID_ENDORSER_TRANSACTION);
  const auto definition = find_definition(*old.rig.ledger().snapshot(), kNs);
  REQUIRE(definition);
  REQUIRE(*definition);
  CHECK((*definition)->version() == "1.0");
  CHECK((*definition)->sequence() == 2);
  CHECK((*definition)->collections(1).block_to_live() == 6);
}

// They were in another order: that of the members of objects, and of numbers as they were written.
TEST_CASE("the indexes of an earlier release are built anew, and queries find the same meanwhile",
          "[ledger][mango]") {
  const std::string by_color = R"({"selector":{"color":"red","size":{"$gt":0}}})";
  const std::string by_size = R"({"selector":{"size":{"$gte":2}}})";
  OlderLedger old;
  auto found = old.rig.ask(by_color, old.rig.indexes);
  CHECK(found.index.empty());
  CHECK(found.keys == Strings{"red1", "red3"});
  CHECK(old.rig.ask(by_size, old.rig.indexes).index.empty());
  write(old.rig, "red2", {{"red2", R"({"color":"red","size":2})"}});
  old.rig.build_all();
  found = old.rig.ask(by_size, old.rig.indexes);
  CHECK(found.index == "d/size");
  CHECK(found.keys == Strings{"blue", "red2", "red3"});
  found = old.rig.ask(by_color, old.rig.indexes);
  CHECK(found.index == "d/color,size");
  CHECK(found.keys == Strings{"red1", "red2", "red3"});
}

TEST_CASE("blocks are committed on the ledger of an earlier release", "[ledger]") {
  OlderLedger old;
  const auto late = old.rig.ledger().transaction(tx_id_of("late"));
  REQUIRE(late);
  CHECK((*late)->block_num == 8);

  write(old.rig, "new", {{"a", "3"}, {"b", ""}});  // Block 10.
  Simulation put = old.rig.begin("put");
  REQUIRE(put->set_private_data(kNs, "kept", "lost", "written again"));
  CHECK(old.rig.commit(put).front() == protos::VALID);  // Block 11.
  Simulation again = old.rig.begin("winner");
  CHECK(old.rig.commit(again).front() == protos::DUPLICATE_TXID);
  for (const bool is_reopened : {false, true}) {
    if (is_reopened) {
      old.rig.close();
      REQUIRE(old.rig.open());
    }
    CHECK(old.rig.ledger().height() == 13);
    CHECK(old.rig.ledger().position() == LogPosition{13});
    CHECK(old.history("a") == Strings{"3", "2", "1"});
    CHECK(old.history("b") == Strings{"-", "2", "1"});
    CHECK(old.private_value("kept", "lost") == "written again");
    CHECK(old.private_value("passing", "early") == "-");
    CHECK(old.private_value("passing", "late") == "expires with block 15");
    old.verify();
  }
}

TEST_CASE("a snapshot of an earlier release is restored, verifies and goes on", "[ledger]") {
  const TemporaryDirectory directory;
  const auto restored = restore_snapshot(kFixture / "snapshot", directory.path() / "ch1");
  REQUIRE(restored);
  CHECK(restored->height == 6);
  LedgerRig rig(options_in(directory.path() / "ch1"));
  write(rig, "new", {{"a", "3"}});
  VerificationProgress progress;
  const auto found = verify_ledger(rig.ledger(), std::nullopt, progress);
  REQUIRE(found);
  CHECK(found->differences == Strings{});
  CHECK(found->blocks == 7);
}
