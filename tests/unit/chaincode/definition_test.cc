// What a definition changes for a running chaincode: initialisation and collections.
#include <catch2/catch.hpp>

#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using chaincode::Options;
using chaincode::Outcome;

const std::string kInitializedKey = std::string("\0\xf4\x8f\xbf\xbf", 5) + "initialized";

ccbus::ChaincodeDefinition definition(bool init_required) {
  ccbus::ChaincodeDefinition made;
  made.set_name("basic");
  made.set_version("2.0");
  made.set_sequence(1);
  made.set_init_required(init_required);
  return made;
}

void add_collection(ccbus::ChaincodeDefinition& to, const std::string& name,
                    const std::string& member, bool only_read, bool only_write) {
  ccbus::CollectionConfig& collection = *to.add_collections();
  collection.set_name(name);
  collection.add_member_orgs(member);
  collection.set_member_only_read(only_read);
  collection.set_member_only_write(only_write);
}

TEST_CASE("a chaincode that requires initialisation", "[chaincode][row-120][row-121]") {
  ChaincodeRig rig;
  rig.define(definition(true));
  auto shim = rig.ready_shim("basic");
  SECTION("is called without it") {
    const auto& call = rig.invoke("basic", "tx1");
    REQUIRE(call.outcomes() == std::vector{Outcome::kInvalidInvocation});
    CHECK(call.error() ==
          "invalid invocation: chaincode 'basic' has not been initialized for this version, must "
          "call as init first");
    CHECK(shim.received().size() == 2);
  }
  SECTION("is initialised, which records the version") {
    const auto& call = rig.invoke("basic", "tx1", true);
    CHECK(shim.last().type() == ChaincodeMessage::INIT);
    shim.sends(completed("tx1"));
    REQUIRE(call.outcomes() == std::vector{Outcome::kCompleted});
    auto results = call.results[0].simulator->results();
    REQUIRE(results);
    REQUIRE(results->public_data.ns_rwset_size() == 1);
    kvrwset::KVRWSet set;
    REQUIRE(set.ParseFromString(results->public_data.ns_rwset(0).rwset()));
    REQUIRE(set.writes_size() == 1);
    CHECK(set.writes(0).key() == kInitializedKey);
    CHECK(set.writes(0).value() == "2.0");
    REQUIRE(set.reads_size() == 1);
    CHECK(set.reads(0).key() == kInitializedKey);
  }
  SECTION("is initialised twice") {
    rig.write("basic", kInitializedKey, "2.0");
    const auto& call = rig.invoke("basic", "tx1", true);
    CHECK(call.error() ==
          "invalid invocation: chaincode 'basic' is already initialized but called as init");
  }
  SECTION("was initialised as another version") {
    rig.write("basic", kInitializedKey, "1.0");
    CHECK_THAT(rig.invoke("basic", "tx1").error(), Contains("not been initialized"));
  }
}

TEST_CASE("INIT of a chaincode that requires none", "[chaincode][row-121]") {
  ChaincodeRig rig;
  rig.define(definition(false));
  rig.ready_shim("basic");
  CHECK(rig.invoke("basic", "tx1", true).error() ==
        "invalid invocation: chaincode 'basic' does not require initialization but called as init");
}

TEST_CASE("without autodefine a chaincode needs a definition", "[chaincode]") {
  Options options;
  options.autodefine = false;
  ChaincodeRig rig(options);
  rig.ready_shim("basic");
  const auto& refused = rig.invoke("basic", "tx1");
  REQUIRE(refused.outcomes() == std::vector{Outcome::kUndefined});
  CHECK_THAT(refused.error(), Contains("[channel ch1] failed to get chaincode container info for "
                                       "basic: chaincode definition for 'basic' not found"));
  rig.define(definition(false));
  CHECK(rig.invoke("basic", "tx2").outcomes().empty());
}

// "basic" with collections, in tx1 of a creator from Org1MSP.
struct Rigged {
  explicit Rigged(bool is_init = false) : shim(rig.ready_shim("basic")) {
    auto defined = definition(false);
    add_collection(defined, "ours", "Org1MSP", true, true);
    add_collection(defined, "readable", "Org2MSP", false, true);
    add_collection(defined, "writable", "Org2MSP", true, false);
    if (!is_init) rig.define(defined);
    call = &rig.invoke("basic", "tx1", is_init);
  }

  const ChaincodeMessage& ask(const ChaincodeMessage& request) {
    shim.sends(request);
    return shim.last();
  }

  ChaincodeMessage put(const std::string& collection) {
    protos::PutState put;
    put.set_key("k");
    put.set_value("v");
    put.set_collection(collection);
    return message(ChaincodeMessage::PUT_STATE, "tx1", put.SerializeAsString());
  }

  ChaincodeRig rig;
  FakeShim shim;
  const Call* call = nullptr;
};

TEST_CASE("who may read and write a collection", "[chaincode][row-70][row-72][row-73]") {
  Rigged r;
  CHECK(r.ask(get_state("tx1", "k", "ours")).type() == ChaincodeMessage::RESPONSE);
  CHECK(r.ask(r.put("ours")).type() == ChaincodeMessage::RESPONSE);
  CHECK(r.ask(get_state("tx1", "k", "readable")).type() == ChaincodeMessage::RESPONSE);
  CHECK(r.ask(r.put("readable")).payload() ==
        "PUT_STATE failed: transaction ID: tx1: tx creator does not have write access permission "
        "on privatedata in chaincodeName:basic collectionName: readable");
  CHECK(r.ask(get_state("tx1", "k", "writable")).payload() ==
        "GET_STATE failed: transaction ID: tx1: tx creator does not have read access permission "
        "on privatedata in chaincodeName:basic collectionName: writable");
  CHECK(r.ask(r.put("writable")).type() == ChaincodeMessage::RESPONSE);
}

TEST_CASE("a collection that nobody defined could not be found", "[chaincode][row-74]") {
  Rigged r;
  CHECK(r.ask(get_state("tx1", "k", "secret")).payload() ==
        "GET_STATE failed: transaction ID: tx1: collection ch1/basic/secret could not be found");
}

TEST_CASE("an INIT touches no private data", "[chaincode][row-71]") {
  Rigged r(true);
  const std::string why = "private data APIs are not allowed in chaincode Init()";
  CHECK_THAT(r.ask(get_state("tx1", "k", "ours")).payload(), Contains(why));
  CHECK_THAT(r.ask(r.put("ours")).payload(), Contains(why));
  protos::GetState hash;
  hash.set_key("k");
  hash.set_collection("ours");
  CHECK_THAT(
      r.ask(message(ChaincodeMessage::GET_PRIVATE_DATA_HASH, "tx1", hash.SerializeAsString()))
          .payload(),
      Contains(why));
}

}  // namespace
}  // namespace ccbus::test
