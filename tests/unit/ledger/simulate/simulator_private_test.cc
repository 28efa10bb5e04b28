#include <catch2/catch.hpp>

#include "service/base/sha256.h"
#include "service/ledger/simulate/simulator.h"
#include "service/ledger/state/derived_namespace.h"
#include "tests/support/ledger_rig.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

constexpr const char* kColl = "coll";
constexpr const char* kDone = "this instance should not be used after calling Done()";

template <class T>
std::string text(const Result<T>& result) {
  return result ? "no error" : result.error().message;
}

void put(LedgerRig& rig, const std::string& tx, const std::string& key, const std::string& value) {
  Simulation put = rig.begin(tx);
  REQUIRE(put->set_private_data(kNs, kColl, key, value));
  REQUIRE(rig.commit(put).front() == protos::VALID);
}

kvrwset::HashedRWSet hashed_set(TxSimulator& sim) {
  const auto results = sim.results();
  REQUIRE(results);
  REQUIRE(results->public_data.ns_rwset_size() == 1);
  REQUIRE(results->public_data.ns_rwset(0).collection_hashed_rwset_size() == 1);
  kvrwset::HashedRWSet set;
  REQUIRE(set.ParseFromString(
      results->public_data.ns_rwset(0).collection_hashed_rwset(0).hashed_rwset()));
  return set;
}

}  // namespace

TEST_CASE("private data are refused where no collection is, in Fabric's words",
          "[ledger][row-145]") {
  LedgerRig rig;
  const std::string none =
      "collection config not defined for chaincode [basic], pass the collection configuration upon "
      "chaincode definition/instantiation";
  const std::string unknown =
      "collection [other] not defined in the collection config for chaincode [basic]";
  const auto refused_with = [](TxSimulator& sim, const std::string& coll, const std::string& why) {
    CHECK(text(sim.get_private_data(kNs, coll, "key")) == why);
    CHECK(text(sim.get_private_data_hash(kNs, coll, "key")) == why);
    CHECK(text(sim.get_private_data_metadata(kNs, coll, "key")) == why);
    CHECK(text(sim.set_private_data(kNs, coll, "key", "value")) == why);
    CHECK(text(sim.delete_private_data(kNs, coll, "key")) == why);
    CHECK(text(sim.purge_private_data(kNs, coll, "key")) == why);
    CHECK(text(sim.set_private_data_metadata(kNs, coll, "key", {})) == why);
    CHECK(text(sim.get_private_data_range(kNs, coll, "", "")) == why);
  };
  refused_with(*rig.begin("undefined").sim, "other", none);
  rig.define({});
  refused_with(*rig.begin("without").sim, "other", none);
  rig.define({{kColl, 0}});
  refused_with(*rig.begin("unknown").sim, "other", unknown);
  CHECK(rig.begin("implicit")->set_private_data(kNs, "_implicit_org_DevMSP", "key", "value"));
}

TEST_CASE("private data are read back once committed, and their hashes", "[ledger]") {
  LedgerRig rig;
  rig.define({{kColl, 0}});
  put(rig, "tx1", "key", "value");
  Simulation tx = rig.begin("tx2");
  CHECK(*tx->get_private_data(kNs, kColl, "key") == "value");
  CHECK_FALSE(tx->get_private_data(kNs, kColl, "absent")->has_value());
  CHECK(*tx->get_private_data_hash(kNs, kColl, "key") == sha256({"value"}));
  REQUIRE(tx->set_private_data(kNs, kColl, "key", "new"));
  CHECK(*tx->get_private_data(kNs, kColl, "key") == "value");
  const kvrwset::HashedRWSet set = hashed_set(*tx.sim);
  REQUIRE(set.hashed_reads_size() == 2);
  CHECK_FALSE(set.hashed_reads(0).has_version());
  CHECK(set.hashed_reads(1).version().block_num() == 1);
  CHECK(set.hashed_writes(0).value_hash() == sha256({"new"}));
}

TEST_CASE("private results stand apart from public ones", "[ledger][row-124]") {
  LedgerRig rig;
  rig.define({{kColl, 0}});
  Simulation reader = rig.begin("reader");
  REQUIRE(reader->get_private_data(kNs, kColl, "key"));
  CHECK(reader->results()->private_data.ns_pvt_rwset_size() == 0);
  Simulation writer = rig.begin("writer");
  REQUIRE(writer->set_private_data(kNs, kColl, "key", "secret"));
  const auto results = writer->results();
  CHECK(results->public_data.SerializeAsString().find("secret") == std::string::npos);
  CHECK(results->private_data.ns_pvt_rwset(0).namespace_() == kNs);
  CHECK(results->private_data.SerializeAsString().find("secret") != std::string::npos);
}

TEST_CASE("private queries and writes exclude each other, in Fabric's words", "[ledger][row-135]") {
  LedgerRig rig;
  rig.define({{kColl, 0}});
  put(rig, "put", "key", "value");
  const std::string prefix =
      "txid [" + rig.envelope(*std::make_unique<Simulation>(rig.begin("tx"))).tx_id.value +
      "]: unsuppored transaction. ";
  const std::string query_first =
      prefix + "Transaction has already performed queries on pvt data. Writes are not allowed";
  const std::string write_first =
      prefix + "Queries on pvt data is supported only in a read-only transaction";

  Simulation reader = rig.begin("tx");
  {
    auto range = reader->get_private_data_range(kNs, kColl, "", "");
    REQUIRE(range);
    CHECK(keys_of(**range) == std::vector<std::string>{"key"});
  }
  CHECK(text(reader->set_state(kNs, "key", "value")) == query_first);
  CHECK(text(reader->set_private_data(kNs, kColl, "key", "value")) == query_first);
  CHECK(text(reader->set_state_metadata(kNs, "key", {})) == query_first);
  CHECK(reader->results()->public_data.ns_rwset_size() == 0);

  Simulation writer = rig.begin("tx");
  REQUIRE(writer->set_private_data_metadata(kNs, kColl, "key", {}));
  CHECK(text(writer->get_private_data_range(kNs, kColl, "", "")) == write_first);
  CHECK(text(writer->begin_query(kNs, kColl, false)) == write_first);

  Simulation failed = rig.begin("tx");
  CHECK_FALSE(failed->begin_query(kNs, "unknown", false));
  CHECK(text(failed->delete_state(kNs, "key")) == query_first);
}

TEST_CASE("private keys whose hashes are not compared", "[ledger]") {
  LedgerRig rig;
  rig.define({{kColl, 0}});
  put(rig, "put", "key", "value");
  Simulation tx = rig.begin("tx");
  CHECK(*tx->get_private_data_unmatched(kNs, kColl, "absent") == std::nullopt);
  CHECK(*tx->get_private_data_unmatched(kNs, kColl, "key") == "value");
  CHECK(hashed_set(*tx.sim).hashed_reads_size() == 2);
}

TEST_CASE("nothing private works after done", "[ledger][row-127]") {
  LedgerRig rig;
  rig.define({{kColl, 0}});
  Simulation tx = rig.begin("tx");
  REQUIRE(tx->definition(kNs));
  const ccbus::ChaincodeDefinition* defined = *tx->definition(kNs);
  tx->done();
  CHECK(defined->collections(0).name() == kColl);
  CHECK(*tx->definition(kNs) == defined);
  CHECK(text(tx->get_private_data(kNs, kColl, "key")) == kDone);
  CHECK(text(tx->get_private_data_hash(kNs, kColl, "key")) == kDone);
  CHECK(text(tx->set_private_data(kNs, kColl, "key", "value")) == kDone);
  CHECK(text(tx->get_private_data_range(kNs, kColl, "", "")) == kDone);
  CHECK(text(tx->get_history(kNs, "key")) == kDone);
  CHECK(text(tx->definition("other")) == kDone);
}
