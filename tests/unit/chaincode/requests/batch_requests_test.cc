// Requests that read or write several keys at once, and metadata.
#include <catch2/catch.hpp>

#include "fabric/ledger/kv_rwset.pb.h"
#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using Record = protos::WriteRecord;

struct Rigged {
  Rigged() : shim(rig.ready_shim("basic")), call(&rig.invoke("basic", "tx1")) {}

  template <class Payload>
  const ChaincodeMessage& ask(ChaincodeMessage::Type type, const Payload& payload) {
    shim.sends(message(type, "tx1", payload.SerializeAsString()));
    rig.run_jobs();
    return shim.last();
  }

  kvrwset::KVRWSet finish() {
    shim.sends(completed("tx1"));
    auto results = call->results.at(0).simulator->results();
    REQUIRE(results);
    REQUIRE(results->public_data.ns_rwset_size() == 1);
    kvrwset::KVRWSet set;
    REQUIRE(set.ParseFromString(results->public_data.ns_rwset(0).rwset()));
    return set;
  }

  ChaincodeRig rig;
  FakeShim shim;
  const Call* call;
};

void add(protos::WriteBatchState& batch, Record::Type type, const std::string& key,
         const std::string& value = "") {
  Record& record = *batch.add_rec();
  record.set_type(type);
  record.set_key(key);
  record.set_value(value);
}

TEST_CASE("a batch has the effect of its records, one after the other", "[chaincode][row-87]") {
  Rigged r;
  protos::WriteBatchState batch;
  add(batch, Record::PUT_STATE, "a", "1");
  add(batch, Record::PUT_STATE, "b", "2");
  add(batch, Record::DEL_STATE, "a");
  add(batch, Record::PUT_STATE_METADATA, "b");
  batch.mutable_rec(3)->mutable_metadata()->set_metakey("m");
  batch.mutable_rec(3)->mutable_metadata()->set_value("x");
  const auto& reply = r.ask(ChaincodeMessage::WRITE_BATCH_STATE, batch);
  CHECK(reply.type() == ChaincodeMessage::RESPONSE);
  CHECK(reply.payload().empty());
  const auto set = r.finish();
  REQUIRE(set.writes_size() == 2);
  CHECK(set.writes(0).is_delete());
  CHECK(set.writes(1).value() == "2");
  REQUIRE(set.metadata_writes_size() == 1);
  CHECK(set.metadata_writes(0).key() == "b");
  CHECK(set.metadata_writes(0).entries(0).name() == "m");
}

TEST_CASE("the record that fails ends its batch; those before it stay",
          "[chaincode][row-86][row-88][row-89]") {
  Rigged r;
  protos::WriteBatchState batch;
  add(batch, Record::PUT_STATE, "a", "1");
  add(batch, Record::DEL_STATE, "z");
  std::string why;
  SECTION("an unknown type") {
    add(batch, Record::UNDEFINED, "b");
    why = "unknown operation type";
  }
  SECTION("a purge of public state") {
    add(batch, Record::PURGE_PRIVATE_DATA, "b");
    why = "only applicable for private data";
  }
  SECTION("metadata that are missing") {
    add(batch, Record::PUT_STATE_METADATA, "b");
    why = "the metadata to put on key 'b' are missing";
  }
  add(batch, Record::PUT_STATE, "c", "3");
  CHECK(r.ask(ChaincodeMessage::WRITE_BATCH_STATE, batch).payload() ==
        "WRITE_BATCH_STATE failed: transaction ID: tx1: " + why);
  const auto set = r.finish();
  REQUIRE(set.writes_size() == 2);
  CHECK(set.writes(0).key() == "a");
  CHECK(set.writes(1).key() == "z");
}

TEST_CASE("an empty batch succeeds", "[chaincode]") {
  Rigged r;
  CHECK(r.ask(ChaincodeMessage::WRITE_BATCH_STATE, protos::WriteBatchState()).type() ==
        ChaincodeMessage::RESPONSE);
}

TEST_CASE("GET_STATE_MULTIPLE returns the values in the order of the keys", "[chaincode][row-79]") {
  Rigged r;
  r.rig.write("basic", "k1", "one");
  r.rig.write("basic", "k3", "three");
  r.shim.sends(completed("tx1"));
  r.call = &r.rig.invoke("basic", "tx1");
  protos::GetStateMultiple get;
  for (const char* key : {"k1", "k2", "k3"}) get.add_keys(key);
  const auto& reply = r.ask(ChaincodeMessage::GET_STATE_MULTIPLE, get);
  protos::GetStateMultipleResult result;
  REQUIRE(result.ParseFromString(reply.payload()));
  REQUIRE(result.values_size() == 3);
  CHECK(result.values(0) == "one");
  CHECK(result.values(1).empty());
  CHECK(result.values(2) == "three");
  CHECK(r.finish().reads_size() == 3);
}

TEST_CASE("all metadata entries are read together and replaced together",
          "[chaincode][row-83][row-84]") {
  Rigged r;
  r.rig.write("basic", "k", "v", {{"a", "1"}, {"b", "2"}});
  r.shim.sends(completed("tx1"));
  r.call = &r.rig.invoke("basic", "tx1");
  protos::PutStateMetadata put;
  put.set_key("k");
  put.mutable_metadata()->set_metakey("m");
  put.mutable_metadata()->set_value("x");
  CHECK(r.ask(ChaincodeMessage::PUT_STATE_METADATA, put).type() == ChaincodeMessage::RESPONSE);
  put.mutable_metadata()->set_metakey("n");
  CHECK(r.ask(ChaincodeMessage::PUT_STATE_METADATA, put).type() == ChaincodeMessage::RESPONSE);
  protos::GetStateMetadata get;
  get.set_key("k");
  const auto& reply = r.ask(ChaincodeMessage::GET_STATE_METADATA, get);
  protos::StateMetadataResult read;
  REQUIRE(read.ParseFromString(reply.payload()));
  REQUIRE(read.entries_size() == 2);  // Reads never see the transaction's own writes.
  CHECK(read.entries(0).metakey() == "a");
  CHECK(read.entries(0).value() == "1");
  CHECK(read.entries(1).metakey() == "b");
  const auto set = r.finish();
  REQUIRE(set.metadata_writes_size() == 1);
  REQUIRE(set.metadata_writes(0).entries_size() == 1);
  CHECK(set.metadata_writes(0).entries(0).name() == "n");
}

TEST_CASE("a payload that cannot be decoded fails its request", "[chaincode][row-75]") {
  Rigged r;
  for (const auto type :
       {ChaincodeMessage::GET_STATE_MULTIPLE, ChaincodeMessage::WRITE_BATCH_STATE,
        ChaincodeMessage::GET_STATE_METADATA, ChaincodeMessage::PUT_STATE_METADATA,
        ChaincodeMessage::GET_PRIVATE_DATA_HASH, ChaincodeMessage::PURGE_PRIVATE_DATA,
        ChaincodeMessage::GET_QUERY_RESULT, ChaincodeMessage::GET_HISTORY_FOR_KEY}) {
    r.shim.sends(message(type, "tx1", "\xff"));
    CHECK_THAT(r.shim.last().payload(), Contains("unmarshal failed"));
  }
  r.shim.sends(completed("tx1"));
  CHECK(r.call->results.at(0).simulator->results()->public_data.ns_rwset_size() == 0);
}

TEST_CASE("a history request is refused if the history database is off", "[chaincode][row-95]") {
  Rigged r;
  protos::GetHistoryForKey get;
  get.set_key("k");
  CHECK(r.ask(ChaincodeMessage::GET_HISTORY_FOR_KEY, get).payload() ==
        "GET_HISTORY_FOR_KEY failed: transaction ID: tx1: history database is not enabled");
}

}  // namespace
}  // namespace ccbus::test
