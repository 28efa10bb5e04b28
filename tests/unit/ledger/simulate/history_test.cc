#include "service/ledger/simulate/history.h"

#include <catch2/catch.hpp>

#include "fabric/ledger/kv_query_result.pb.h"
#include "tests/support/ledger_rig.h"
#include "tests/support/transaction_parts.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

using Changes = std::vector<queryresult::KeyModification>;

Changes history(const StateView& view, const std::string& key) {
  auto cursor = view.history(kNs, key);
  REQUIRE(cursor);
  Changes changes;
  for (auto next = (*cursor)->next(); *next; next = (*cursor)->next()) {
    REQUIRE(changes.emplace_back().ParseFromString(**next));
  }
  CHECK_FALSE((*cursor)->next()->has_value());
  return changes;
}

std::vector<std::string> values(LedgerRig& rig, const std::string& key) {
  std::vector<std::string> all;
  for (const auto& change : history(*rig.ledger().snapshot(), key)) all.push_back(change.value());
  return all;
}

}  // namespace

TEST_CASE("a key's history is newest first", "[ledger][row-150]") {
  LedgerRig rig;
  rig.write({{"key7", "v1"}});
  Simulation second = rig.begin("second");
  REQUIRE(second->set_state(kNs, "key7", "v2"));
  Simulation third = rig.begin("third");
  REQUIRE(third->set_state(kNs, "key7", "v3"));
  rig.commit({&second, &third});
  const auto before = rig.ledger().snapshot();
  rig.write({{"key7", ""}});

  const Changes changes = history(*rig.ledger().snapshot(), "key7");
  REQUIRE(changes.size() == 4);
  CHECK(changes[0].is_delete());
  CHECK(changes[0].value().empty());
  CHECK(changes[1].value() == "v3");
  CHECK(changes[1].tx_id() == tx_id_of("third").value);
  CHECK(changes[2].value() == "v2");
  CHECK(changes[3].value() == "v1");
  CHECK_FALSE(changes[3].is_delete());
  for (const auto& change : changes) CHECK(change.timestamp().seconds() == kTimestampSeconds);
  CHECK(history(*before, "key7").size() == 3);
}

TEST_CASE("only valid transactions and public values make history", "[ledger][row-151]") {
  LedgerRig rig;
  rig.define({{"coll", 0}});
  Simulation reader = rig.begin("reader");
  REQUIRE(reader->get_state(kNs, "other"));
  REQUIRE(reader->set_state(kNs, "key", "stale"));
  rig.write({{"other", "value"}});
  CHECK(rig.commit(reader).front() == protos::MVCC_READ_CONFLICT);
  CHECK(values(rig, "key").empty());

  rig.write({{"key", "value"}});
  Simulation tx = rig.begin("tx");
  REQUIRE(tx->set_state_metadata(kNs, "key", {{"a", "b"}}));
  REQUIRE(tx->set_private_data(kNs, "coll", "key", "secret"));
  CHECK(rig.commit(tx).front() == protos::VALID);
  CHECK(values(rig, "key") == std::vector<std::string>{"value"});
}

TEST_CASE("keys with NULs keep their histories apart", "[ledger][row-152]") {
  LedgerRig rig;
  const std::string nul(1, '\0');
  const std::vector<std::string> keys = {"",
                                         nul,
                                         "key",
                                         "key" + nul,
                                         "key" + nul + nul,
                                         "key" + nul + "a",
                                         "key" + std::string(9, '\0'),
                                         "kez"};
  for (const std::string& key : keys) rig.write({{key, "of " + key}});
  for (const std::string& key : keys) {
    CHECK(values(rig, key) == std::vector<std::string>{"of " + key});
  }
}

TEST_CASE("without a history database there is no history", "[ledger][row-95]") {
  LedgerRig on_disk;
  ChannelLedger::Options options = on_disk.options();
  options.directory = "/without";
  options.history = false;
  LedgerRig rig(options);
  rig.write({{"key", "value"}});
  const auto refused = rig.begin("tx")->get_history(kNs, "key");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "history database is not enabled");
}
