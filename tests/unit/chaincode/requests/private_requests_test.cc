// Requests that name a collection: what they do, and for which creators they are refused.
#include <catch2/catch.hpp>

#include "service/base/sha256.h"
#include "tests/support/chaincode_rig.h"
#include "tests/support/ledger_rig.h"

namespace ccbus::test {
namespace {

using Record = protos::WriteRecord;

ccbus::CollectionConfig collection(const std::string& name, const std::string& member,
                                   bool only_read, bool only_write) {
  ccbus::CollectionConfig made;
  made.set_name(name);
  made.add_member_orgs(member);
  made.set_member_only_read(only_read);
  made.set_member_only_write(only_write);
  return made;
}

// "basic" with collections, in tx1 of a creator from Org1MSP.
struct Rigged {
  explicit Rigged(bool is_init = false) : shim(rig.ready_shim("basic")) {
    ccbus::ChaincodeDefinition definition;
    definition.set_name("basic");
    definition.set_init_required(is_init);
    definition.set_version("1");
    *definition.add_collections() = collection("ours", "Org1MSP", true, true);
    *definition.add_collections() = collection("readable", "Org2MSP", false, true);
    *definition.add_collections() = collection("writable", "Org2MSP", true, false);
    *definition.add_collections() = collection("theirs", "Org2MSP", true, true);
    rig.define(definition);
    call = &rig.invoke("basic", "tx1", is_init);
  }

  const ChaincodeMessage& ask(const ChaincodeMessage& request) {
    shim.sends(request);
    rig.run_jobs();
    return shim.last();
  }

  // The writes of the transaction to the only collection that it used.
  kvrwset::KVRWSet finish() {
    shim.sends(completed("tx1"));
    const auto results = call->results.at(0).simulator->results();
    REQUIRE(results);
    REQUIRE(results->private_data.ns_pvt_rwset_size() == 1);
    REQUIRE(results->private_data.ns_pvt_rwset(0).collection_pvt_rwset_size() == 1);
    CHECK(results->private_data.ns_pvt_rwset(0).namespace_() == "basic");
    kvrwset::KVRWSet set;
    REQUIRE(
        set.ParseFromString(results->private_data.ns_pvt_rwset(0).collection_pvt_rwset(0).rwset()));
    return set;
  }

  ChaincodeRig rig;
  FakeShim shim;
  const Call* call = nullptr;
};

template <class Payload>
ChaincodeMessage request(ChaincodeMessage::Type type, const std::string& collection) {
  Payload payload;
  payload.set_collection(collection);
  if constexpr (requires { payload.set_key("k"); }) payload.set_key("k");
  if constexpr (requires { payload.add_keys("k"); }) payload.add_keys("k");
  if constexpr (requires { payload.set_query("q"); }) payload.set_query(R"({"selector":{}})");
  if constexpr (requires { payload.set_value("v"); }) payload.set_value("v");
  if constexpr (requires { payload.mutable_metadata()->set_metakey("m"); }) {
    payload.mutable_metadata()->set_metakey("m");
  }
  return message(type, "tx1", payload.SerializeAsString());
}

void add(protos::WriteBatchState& batch, Record::Type type, const std::string& collection,
         const std::string& key, const std::string& value = "") {
  Record& record = *batch.add_rec();
  record.set_type(type);
  record.set_collection(collection);
  record.set_key(key);
  record.set_value(value);
  if (type == Record::PUT_STATE_METADATA) record.mutable_metadata()->set_metakey("m");
}

ChaincodeMessage batch_of_one(const std::string& collection) {
  protos::WriteBatchState batch;
  add(batch, Record::PUT_STATE, collection, "k", "v");
  return message(ChaincodeMessage::WRITE_BATCH_STATE, "tx1", batch.SerializeAsString());
}

std::vector<ChaincodeMessage> reads(const std::string& collection) {
  return {request<protos::GetState>(ChaincodeMessage::GET_STATE, collection),
          request<protos::GetStateMultiple>(ChaincodeMessage::GET_STATE_MULTIPLE, collection),
          request<protos::GetStateMetadata>(ChaincodeMessage::GET_STATE_METADATA, collection),
          request<protos::GetStateByRange>(ChaincodeMessage::GET_STATE_BY_RANGE, collection),
          request<protos::GetQueryResult>(ChaincodeMessage::GET_QUERY_RESULT, collection)};
}

std::vector<ChaincodeMessage> writes(const std::string& collection) {
  return {request<protos::PutState>(ChaincodeMessage::PUT_STATE, collection),
          request<protos::DelState>(ChaincodeMessage::DEL_STATE, collection),
          request<protos::PutStateMetadata>(ChaincodeMessage::PUT_STATE_METADATA, collection),
          request<protos::DelState>(ChaincodeMessage::PURGE_PRIVATE_DATA, collection),
          batch_of_one(collection)};
}

ChaincodeMessage hash_of(const std::string& collection) {
  return request<protos::GetState>(ChaincodeMessage::GET_PRIVATE_DATA_HASH, collection);
}

// The text of the ERROR that answers the request `asked`, for this reason.
std::string refusal(const ChaincodeMessage& asked, const std::string& why) {
  return ChaincodeMessage::Type_Name(asked.type()) + " failed: transaction ID: tx1: " + why;
}

TEST_CASE("a member writes to its collection", "[chaincode][row-70]") {
  Rigged r;
  const auto& reply = r.ask(request<protos::PutState>(ChaincodeMessage::PUT_STATE, "ours"));
  CHECK(reply.type() == ChaincodeMessage::RESPONSE);
  CHECK(reply.payload().empty());
  const auto set = r.finish();
  REQUIRE(set.writes_size() == 1);
  CHECK(set.writes(0).key() == "k");
  CHECK(set.writes(0).value() == "v");
}

TEST_CASE("a member deletes from its collection, an absent key too", "[chaincode][row-78]") {
  Rigged r;
  CHECK(r.ask(request<protos::DelState>(ChaincodeMessage::DEL_STATE, "ours")).type() ==
        ChaincodeMessage::RESPONSE);
  CHECK(r.shim.last().payload().empty());
  CHECK(r.finish().writes(0).is_delete());
}

TEST_CASE("a creator who is not a member writes only to collections that are open for that",
          "[chaincode][row-72]") {
  for (const std::string name : {"readable", "theirs"}) {
    for (const auto& write : writes(name)) {
      Rigged r;
      CHECK(r.ask(write).payload() ==
            refusal(write,
                    "tx creator does not have write access permission on privatedata in "
                    "chaincodeName:basic collectionName: " +
                        name));
    }
  }
  for (const auto& write : writes("writable")) {
    Rigged r;
    CHECK(r.ask(write).type() == ChaincodeMessage::RESPONSE);
  }
}

TEST_CASE("a creator who is not a member reads only collections that are open for that",
          "[chaincode][row-73]") {
  for (const std::string name : {"writable", "theirs"}) {
    for (const auto& read : reads(name)) {
      Rigged r;
      CHECK(r.ask(read).payload() ==
            refusal(read,
                    "tx creator does not have read access permission on privatedata in "
                    "chaincodeName:basic collectionName: " +
                        name));
    }
  }
  for (const auto& read : reads("readable")) {
    Rigged r;
    CHECK(r.ask(read).type() == ChaincodeMessage::RESPONSE);
  }
}

TEST_CASE("a collection that is not defined cannot be found", "[chaincode][row-74]") {
  auto all = reads("secret");
  for (const auto& write : writes("secret")) all.push_back(write);
  for (const auto& asked : all) {
    Rigged r;
    CHECK(r.ask(asked).payload() ==
          refusal(asked, "collection ch1/basic/secret could not be found"));
  }
  Rigged r;  // The prefix of the implicit collections without an organisation is not found either.
  CHECK_THAT(r.ask(get_state("tx1", "k", "_implicit_org_")).payload(),
             Catch::Contains("collection ch1/basic/_implicit_org_ could not be found"));
  CHECK(r.ask(get_state("tx1", "k", "_implicit_org_Org2MSP")).type() == ChaincodeMessage::RESPONSE);
}

TEST_CASE("every creator may read the hash of private data", "[chaincode][row-80]") {
  LedgerRig ledger;  // Outlives its views.
  Rigged r;
  CHECK(r.ask(hash_of("theirs")).type() == ChaincodeMessage::RESPONSE);
  CHECK(r.shim.last().payload().empty());
  CHECK(r.ask(hash_of("secret")).payload() ==
        refusal(hash_of("secret"),
                "collection [secret] not defined in the collection config for chaincode [basic]"));

  ledger.define({{"ours", 0}});
  Simulation put = ledger.begin("put");
  REQUIRE(put->set_private_data("basic", "ours", "k", "forty-two"));
  REQUIRE(ledger.commit(put).front() == protos::VALID);
  r.rig.read_from(ledger.ledger().snapshot());
  r.shim.sends(completed("tx1"));
  r.rig.invoke("basic", "tx1");
  CHECK(r.ask(hash_of("ours")).payload() == sha256({"forty-two"}));
}

TEST_CASE("an INIT cannot use private data", "[chaincode][row-71]") {
  auto all = reads("ours");
  for (const auto& write : writes("ours")) all.push_back(write);
  all.push_back(hash_of("ours"));
  for (const auto& asked : all) {
    Rigged r(true);
    CHECK(r.ask(asked).payload() ==
          refusal(asked, "private data APIs are not allowed in chaincode Init()"));
  }
}

TEST_CASE("a purge of public state is refused", "[chaincode][row-86]") {
  Rigged r;
  const auto purge = request<protos::DelState>(ChaincodeMessage::PURGE_PRIVATE_DATA, "");
  CHECK(r.ask(purge).payload() == refusal(purge, "only applicable for private data"));
}

TEST_CASE("a batch of seven records of all kinds has the effect of its records",
          "[chaincode][row-87]") {
  Rigged r;
  protos::WriteBatchState batch;
  add(batch, Record::PUT_STATE, "", "public", "1");
  add(batch, Record::DEL_STATE, "", "gone");
  add(batch, Record::PUT_STATE_METADATA, "", "public");
  add(batch, Record::PUT_STATE, "ours", "a", "2");
  add(batch, Record::DEL_STATE, "ours", "b");
  add(batch, Record::PUT_STATE_METADATA, "ours", "a");
  add(batch, Record::PURGE_PRIVATE_DATA, "ours", "c");
  const auto& reply =
      r.ask(message(ChaincodeMessage::WRITE_BATCH_STATE, "tx1", batch.SerializeAsString()));
  CHECK(reply.type() == ChaincodeMessage::RESPONSE);
  CHECK(reply.payload().empty());

  r.shim.sends(completed("tx1"));
  const auto results = r.call->results.at(0).simulator->results();
  REQUIRE(results);
  const auto& ns = results->public_data.ns_rwset(0);
  kvrwset::KVRWSet open;
  REQUIRE(open.ParseFromString(ns.rwset()));
  REQUIRE(open.writes_size() == 2);
  CHECK(open.writes(0).is_delete());
  CHECK(open.writes(1).value() == "1");
  CHECK(open.metadata_writes_size() == 1);
  REQUIRE(ns.collection_hashed_rwset_size() == 1);
  kvrwset::HashedRWSet hashed;
  REQUIRE(hashed.ParseFromString(ns.collection_hashed_rwset(0).hashed_rwset()));
  CHECK(hashed.hashed_writes_size() == 3);
  CHECK(hashed.metadata_writes_size() == 1);
  int purges = 0;
  for (const auto& write : hashed.hashed_writes()) purges += write.is_purge() ? 1 : 0;
  CHECK(purges == 1);
}

}  // namespace
}  // namespace ccbus::test
