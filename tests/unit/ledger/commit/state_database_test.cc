#include <rocksdb/env.h>

#include <catch2/catch.hpp>
#include <memory>

#include "service/ledger/upkeep/verification.h"
#include "tests/support/ledger_rig.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;
using Codes = std::vector<protos::TxValidationCode>;

namespace {

// A channel with CouchDB's rules on a disk in memory.
struct CouchDbRig {
  CouchDbRig() : disk(rocksdb::NewMemEnv(rocksdb::Env::Default())), rig(options_on(disk.get())) {}

  static ChannelLedger::Options options_on(rocksdb::Env* disk) {
    ChannelLedger::Options options;
    options.directory = "/ledger";
    options.env = disk;
    options.state_database = StateDatabase::kCouchDb;
    return options;
  }

  std::unique_ptr<rocksdb::Env> disk;
  LedgerRig rig;
};

// A transaction from where there are no rules.
OrderedEnvelope writing(const std::string& key, const std::string& value) {
  LedgerRig embedded;
  Simulation tx = embedded.begin("writing " + key);
  REQUIRE(tx->set_state(kNs, key, value));
  return embedded.envelope(tx);
}

std::vector<OrderedEnvelope> against_the_rules() {
  std::vector<OrderedEnvelope> batch;
  batch.push_back(writing("_k", "v"));
  batch.push_back(writing("", "v"));
  batch.push_back(writing("d", R"({"_id":1})"));
  batch.push_back(writing("_gone", ""));
  batch.push_back(writing("sound", R"({"a":{"_id":1}})"));
  return batch;
}

std::string refusal(const Result<void>& result) {
  return result ? "accepted" : result.error().message;
}

}  // namespace

TEST_CASE("a write against the rules of the channel's state database is INVALID_WRITESET",
          "[ledger][row-170]") {
  CouchDbRig couch_db;
  CHECK(couch_db.rig.commit_envelopes(against_the_rules()) ==
        Codes{protos::INVALID_WRITESET, protos::INVALID_WRITESET, protos::INVALID_WRITESET,
              protos::INVALID_WRITESET, protos::VALID});
  CHECK(couch_db.rig.value_of("sound"));
  CHECK_FALSE(couch_db.rig.value_of("d"));

  LedgerRig embedded;
  CHECK(embedded.commit_envelopes(against_the_rules()) == Codes(5, protos::VALID));
}

TEST_CASE("a ledger keeps the state database that it was made with", "[ledger][row-170]") {
  CouchDbRig couch_db;
  couch_db.rig.write({{"k", "v"}});
  couch_db.rig.close();
  auto options = CouchDbRig::options_on(couch_db.disk.get());
  options.state_database = StateDatabase::kEmbedded;  // For new ledgers.
  const auto again = ChannelLedger::open(kChannel, options);
  REQUIRE(again);
  CHECK((*again)->state_database() == StateDatabase::kCouchDb);
  CHECK((*again)->snapshot()->state_database() == StateDatabase::kCouchDb);

  LedgerRig embedded;
  embedded.close();
  REQUIRE(embedded.open());
  CHECK(embedded.ledger().state_database() == StateDatabase::kEmbedded);
}

TEST_CASE("a version that does not know the state database refuses its ledger", "[ledger]") {
  LedgerRig rig;
  rig.tamper(Family::kMeta, "format", [](auto) { return "ccbus-ledger-1-Oracle"; });
  const auto opened = rig.open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().message.find("format is 'ccbus-ledger-1-Oracle'") != std::string::npos);
}

TEST_CASE("blocks of a ledger are verified by the rules of its state database", "[ledger]") {
  CouchDbRig couch_db;
  couch_db.rig.commit_envelopes(against_the_rules());
  VerificationProgress progress;
  const auto found = verify_ledger(couch_db.rig.ledger(), std::nullopt, progress);
  REQUIRE(found);
  CHECK(found->differences.empty());
}

TEST_CASE("chaincode that reads or writes against the rules is refused in Fabric's words",
          "[ledger][row-168][row-169]") {
  CouchDbRig couch_db;
  couch_db.rig.define({{"c", 0}});
  Simulation tx = couch_db.rig.begin("tx");
  const std::string begins = "invalid key [_k], cannot begin with \"_\"";
  const std::string is_empty = "invalid key. Empty string is not supported as a key by couchdb";
  const std::string field = "field [_rev] is not valid for the CouchDB state database";
  CHECK(refusal(tx->set_state(kNs, "_k", "v")) == begins);
  CHECK(refusal(tx->set_state(kNs, "", "v")) == is_empty);
  CHECK(refusal(tx->delete_state(kNs, "_k")) == begins);
  CHECK(refusal(tx->set_state(kNs, "k", R"({"_rev":1})")) == field);
  CHECK(refusal(tx->set_private_data(kNs, "c", "_k", "v")) == begins);
  CHECK(refusal(tx->set_private_data(kNs, "c", "k", R"({"_rev":1})")) == field);
  CHECK(refusal(tx->delete_private_data(kNs, "c", "")) == is_empty);
  CHECK(tx->get_state(kNs, "_k").error().message == begins);
  CHECK(tx->get_state(kNs, "").error().message == is_empty);
  CHECK(tx->get_state_metadata(kNs, "_k").error().message == begins);
  CHECK(tx->get_private_data(kNs, "c", "_k").error().message == begins);
  CHECK(tx->get_state_range(kNs, "_a", "_b"));
  CHECK(tx->set_state(kNs, "k", R"({"rev":1})"));
  CHECK(couch_db.rig.commit(tx) == Codes{protos::VALID});
}

TEST_CASE("with the embedded database every key and every document is written and read",
          "[ledger][row-168][row-169]") {
  LedgerRig rig;
  rig.write({{"_k", R"({"_id":1,"~version":2})"}, {"", "v"}});
  CHECK(rig.value_of("_k") == R"({"_id":1,"~version":2})");
  CHECK(rig.value_of("") == "v");
}
