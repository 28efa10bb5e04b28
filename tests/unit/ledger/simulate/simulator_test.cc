#include "service/ledger/simulate/simulator.h"

#include <catch2/catch.hpp>

#include "tests/support/ledger_rig.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;
using Keys = std::vector<std::string>;

namespace {

kvrwset::KVRWSet public_set(TxSimulator& sim) {
  auto results = sim.results();
  REQUIRE(results);
  REQUIRE(results->public_data.ns_rwset_size() == 1);
  CHECK(results->public_data.ns_rwset(0).namespace_() == kNs);
  kvrwset::KVRWSet set;
  REQUIRE(set.ParseFromString(results->public_data.ns_rwset(0).rwset()));
  return set;
}

// key01 ... key10, as Fabric's tests have them.
std::string numbered(int number) {
  return (number < 10 ? "key0" : "key") + std::to_string(number);
}

void write_ten_keys(LedgerRig& rig) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int i = 1; i <= 10; ++i) pairs.emplace_back(numbered(i), "value");
  rig.write(pairs);
}

Keys scan(LedgerRig& rig, const std::string& start, const std::string& end) {
  Simulation tx = rig.begin("scan");
  auto range = tx->get_state_range(kNs, start, end);
  REQUIRE(range);
  return keys_of(**range);
}

const std::string kDone = "this instance should not be used after calling Done()";

}  // namespace

TEST_CASE("a read of an absent key is recorded without a version", "[ledger][row-124]") {
  LedgerRig rig;
  Simulation tx = rig.begin("tx1");
  const auto value = tx->get_state(kNs, "key1");
  REQUIRE(value);
  CHECK_FALSE(value->has_value());
  const kvrwset::KVRWSet set = public_set(*tx.sim);
  REQUIRE(set.reads_size() == 1);
  CHECK(set.reads(0).key() == "key1");
  CHECK_FALSE(set.reads(0).has_version());
}

TEST_CASE("a transaction reads what is committed, not what it wrote", "[ledger][row-125]") {
  LedgerRig rig;
  rig.write({{"key1", "value1"}});
  Simulation tx = rig.begin("tx2");
  REQUIRE(tx->set_state(kNs, "key1", "value1_1"));
  CHECK(*tx->get_state(kNs, "key1") == "value1");
  CHECK(rig.commit(tx) == std::vector{protos::VALID});
  CHECK(rig.value_of("key1") == "value1_1");
}

TEST_CASE("iterators do not see the transaction's own writes", "[ledger]") {
  LedgerRig rig;
  rig.write({{"a", "1"}, {"b", "1"}});
  Simulation tx = rig.begin("tx");
  REQUIRE(tx->delete_state(kNs, "a"));
  REQUIRE(tx->set_state(kNs, "c", "1"));
  auto range = tx->get_state_range(kNs, "", "");
  CHECK(keys_of(**range) == Keys{"a", "b"});
}

TEST_CASE("a value's version is the block and the transaction that wrote it", "[ledger][row-126]") {
  LedgerRig rig;
  rig.write({});
  rig.write({{"key1", "a"}, {"key2", "a"}});
  rig.write({{"key1", "b"}});
  CHECK(rig.version_of("key1") == Version{2, 0});
  CHECK(rig.version_of("key2") == Version{1, 0});
}

TEST_CASE("results are given once and do not change afterwards", "[ledger][row-127]") {
  LedgerRig rig;
  Simulation tx = rig.begin("tx1");
  REQUIRE(tx->set_state(kNs, "key1", "value1"));
  const auto first = tx->results();
  REQUIRE(first);
  const std::string frozen = first->public_data.SerializeAsString();
  REQUIRE(tx->set_state(kNs, "key2", "value2"));
  REQUIRE(tx->get_state(kNs, "key3"));
  CHECK(first->public_data.SerializeAsString() == frozen);
  const auto second = tx->results();
  REQUIRE_FALSE(second);
  CHECK(second.error().message ==
        "this function should only be called once on a transaction simulator instance");
}

TEST_CASE("after done everything but the results is refused", "[ledger][row-127]") {
  LedgerRig rig;
  rig.write({{"key1", "value1"}});
  Simulation tx = rig.begin("tx1");
  REQUIRE(tx->set_state(kNs, "key1", "value2"));
  auto range = tx->get_state_range(kNs, "", "");
  REQUIRE(range);
  tx->done();
  tx->done();
  CHECK(tx->get_state(kNs, "key1").error().message == kDone);
  CHECK(tx->set_state(kNs, "key1", "v").error().message == kDone);
  CHECK(tx->delete_state(kNs, "key1").error().message == kDone);
  CHECK(tx->get_state_range(kNs, "", "").error().message == kDone);
  CHECK((*range)->next().error().message == kDone);
  CHECK((*range)->bookmark().error().message == kDone);
  CHECK(public_set(*tx.sim).writes_size() == 1);
}

TEST_CASE("a key that is read twice stands in the read set once", "[ledger]") {
  LedgerRig rig;
  rig.write({{"key1", "value1"}});
  Simulation tx = rig.begin("tx");
  REQUIRE(tx->get_state(kNs, "key1"));
  CHECK(*tx->get_state(kNs, "key1") == "value1");
  CHECK(public_set(*tx.sim).reads_size() == 1);
}

TEST_CASE("the last write to a key wins, and an empty value deletes", "[ledger]") {
  LedgerRig rig;
  Simulation tx = rig.begin("tx");
  REQUIRE(tx->set_state(kNs, "put-delete", "v"));
  REQUIRE(tx->delete_state(kNs, "put-delete"));
  REQUIRE(tx->delete_state(kNs, "delete-put"));
  REQUIRE(tx->set_state(kNs, "delete-put", "v"));
  REQUIRE(tx->set_state(kNs, "empty", ""));
  const kvrwset::KVRWSet set = public_set(*tx.sim);
  REQUIRE(set.writes_size() == 3);
  CHECK(set.reads_size() == 0);
  CHECK(set.writes(0).key() == "delete-put");
  CHECK(set.writes(0).value() == "v");
  CHECK_FALSE(set.writes(0).is_delete());
  CHECK(set.writes(1).key() == "empty");
  CHECK(set.writes(1).is_delete());
  CHECK(set.writes(2).is_delete());
}

TEST_CASE("bounds of a range are start inclusive, end exclusive and open if empty",
          "[ledger][row-130]") {
  LedgerRig rig;
  write_ten_keys(rig);
  CHECK(scan(rig, numbered(2), numbered(7)) == Keys{"key02", "key03", "key04", "key05", "key06"});
  CHECK(scan(rig, numbered(1), numbered(11)).size() == 10);
  CHECK(scan(rig, "", "").size() == 10);
  CHECK(scan(rig, numbered(5), "").size() == 6);
  CHECK(scan(rig, "", numbered(5)) == Keys{"key01", "key02", "key03", "key04"});
  CHECK(scan(rig, numbered(7), numbered(2)).empty());
  CHECK(scan(rig, numbered(7), numbered(7)).empty());
}

TEST_CASE("a bookmark starts the next page", "[ledger][row-131]") {
  LedgerRig rig;
  write_ten_keys(rig);
  Simulation tx = rig.begin("pages");
  std::vector<Keys> pages;
  std::string start = numbered(2);
  while (!start.empty()) {
    auto page = tx->get_state_range_page(kNs, start, numbered(7), 2);
    REQUIRE(page);
    pages.push_back(keys_of(**page));
    start = *(*page)->bookmark();
    REQUIRE(pages.size() < 10);
  }
  CHECK(pages == std::vector<Keys>{{"key02", "key03"}, {"key04", "key05"}, {"key06"}});
}

TEST_CASE("a page size of zero is no cap, and a full page is not an exhausted range", "[ledger]") {
  LedgerRig rig;
  write_ten_keys(rig);
  Simulation tx = rig.begin("pages");
  {
    auto all = tx->get_state_range_page(kNs, "", "", 0);
    CHECK(keys_of(**all).size() == 10);
    CHECK((*all)->bookmark()->empty());
    auto page = tx->get_state_range_page(kNs, "", "", 10);
    CHECK(keys_of(**page).size() == 10);
    CHECK((*page)->bookmark()->empty());
  }
  const kvrwset::KVRWSet set = public_set(*tx.sim);
  REQUIRE(set.range_queries_info_size() == 2);
  CHECK(set.range_queries_info(0).itr_exhausted());
  CHECK_FALSE(set.range_queries_info(1).itr_exhausted());
  CHECK(set.range_queries_info(1).end_key() == numbered(10));
}

TEST_CASE("a deleted key is not in a range", "[ledger][row-132]") {
  LedgerRig rig;
  write_ten_keys(rig);
  rig.write({{numbered(4), ""}});
  CHECK(scan(rig, numbered(3), numbered(6)) == Keys{"key03", "key05"});
}

TEST_CASE("a range records what was read of it, a look ahead included", "[ledger]") {
  LedgerRig rig;
  write_ten_keys(rig);
  Simulation tx = rig.begin("ranges");
  {
    auto part = tx->get_state_range(kNs, numbered(2), numbered(9));
    REQUIRE((*part)->next());
    REQUIRE((*part)->next());
    auto whole = tx->get_state_range(kNs, numbered(9), "");
    CHECK(keys_of(**whole).size() == 2);
    auto same = tx->get_state_range(kNs, numbered(9), "");
    CHECK(keys_of(**same).size() == 2);
    auto none = tx->get_state_range(kNs, "x", "y");
    CHECK(keys_of(**none).empty());
    REQUIRE(tx->get_state_range(kNs, "unread", ""));
  }
  const kvrwset::KVRWSet set = public_set(*tx.sim);
  REQUIRE(set.range_queries_info_size() == 3);
  const kvrwset::RangeQueryInfo& part = set.range_queries_info(0);
  CHECK(part.start_key() == numbered(2));
  CHECK(part.end_key() == numbered(3));
  CHECK_FALSE(part.itr_exhausted());
  CHECK(part.raw_reads().kv_reads_size() == 2);
  const kvrwset::RangeQueryInfo& whole = set.range_queries_info(1);
  CHECK(whole.end_key().empty());
  CHECK(whole.itr_exhausted());
  const kvrwset::RangeQueryInfo& none = set.range_queries_info(2);
  CHECK(none.itr_exhausted());
  CHECK(none.reads_info_case() == kvrwset::RangeQueryInfo::READS_INFO_NOT_SET);
}

TEST_CASE("write and paginated query exclude each other, in Fabric's words", "[ledger][row-135]") {
  LedgerRig rig;
  const std::string prefix = "txid [" + rig.begin("x").name + "]: unsuppored transaction. ";
  {
    TxSimulator sim(rig.ledger().snapshot(), TxId{"x"});
    REQUIRE(sim.set_state(kNs, "key", "value"));
    CHECK(sim.get_state_range_page(kNs, "", "", 2).error().message ==
          prefix + "Paginated queries are supported only in a read-only transaction");
    CHECK(sim.get_state_range(kNs, "", ""));
  }
  TxSimulator sim(rig.ledger().snapshot(), TxId{"x"});
  REQUIRE(sim.get_state_range_page("other", "", "", 2));
  const std::string refused =
      prefix + "Transaction has already performed a paginated query. Writes are not allowed";
  CHECK(sim.set_state(kNs, "key", "value").error().message == refused);
  CHECK(sim.delete_state(kNs, "key").error().message == refused);
  CHECK(sim.get_state_range_page(kNs, "", "", 2));
}

TEST_CASE("output is sorted, whatever the order of the calls", "[ledger]") {
  LedgerRig rig;
  TxSimulator forward(rig.ledger().snapshot(), TxId{"x"});
  TxSimulator backward(rig.ledger().snapshot(), TxId{"x"});
  const std::vector<std::string> names = {"a", "b", "c"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (auto* sim : {&forward, &backward}) {
      const std::string& name = names[sim == &forward ? i : names.size() - 1 - i];
      REQUIRE(sim->set_state(name, "k", "v"));
      REQUIRE(sim->get_state("ns", name));
      REQUIRE(sim->set_state("ns", name, "v"));
    }
  }
  const auto first = forward.results();
  CHECK(first->public_data.SerializeAsString() ==
        backward.results()->public_data.SerializeAsString());
  CHECK(first->public_data.ns_rwset(0).namespace_() == "a");
  CHECK(first->public_data.ns_rwset(3).namespace_() == "ns");
}

TEST_CASE("metadata are replaced as a whole and read like a value", "[ledger][row-142]") {
  LedgerRig rig;
  Simulation put = rig.begin("put");
  REQUIRE(put->set_state(kNs, "key", "value"));
  REQUIRE(put->set_state_metadata(kNs, "key", {{"b", "2"}, {"a", "1"}}));
  CHECK(rig.commit(put).front() == protos::VALID);

  Simulation read = rig.begin("read");
  const auto metadata = read->get_state_metadata(kNs, "key");
  REQUIRE(metadata);
  CHECK(*metadata == Metadata{{"a", "1"}, {"b", "2"}});
  CHECK(read->get_state_metadata(kNs, "absent")->empty());
  const kvrwset::KVRWSet set = public_set(*read.sim);
  REQUIRE(set.reads_size() == 2);
  CHECK(set.reads(1).version().block_num() == 0);

  Simulation replace = rig.begin("replace");
  REQUIRE(replace->set_state_metadata(kNs, "key", {{"c", "3"}}));
  CHECK(rig.commit(replace).front() == protos::VALID);
  CHECK(*rig.begin("again")->get_state_metadata(kNs, "key") == Metadata{{"c", "3"}});
  CHECK(rig.version_of("key") == Version{1, 0});
  CHECK(rig.value_of("key") == "value");

  Simulation remove = rig.begin("remove");
  REQUIRE(remove->set_state_metadata(kNs, "key", {}));
  CHECK(rig.commit(remove).front() == protos::VALID);
  CHECK(rig.begin("none")->get_state_metadata(kNs, "key")->empty());
}

TEST_CASE("a rich query that is paginated counts as such, and its results as reads",
          "[ledger][row-135]") {
  LedgerRig rig;
  rig.write({{"key1", "value1"}});
  Simulation tx = rig.begin("tx");
  REQUIRE(tx->begin_query(kNs, "", false));
  tx->record_query_read(kNs, "key1", Version{0, 0});
  CHECK(tx->query_view()->get(kNs, "key1")->has_value());
  REQUIRE(tx->begin_query(kNs, "", true));
  CHECK_FALSE(tx->set_state(kNs, "key1", "value"));
  CHECK(public_set(*tx.sim).reads_size() == 1);
  tx->done();
  CHECK(tx->begin_query(kNs, "", false).error().message == kDone);
}
