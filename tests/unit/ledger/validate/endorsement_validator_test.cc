#include "service/ledger/validate/endorsement_validator.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/peer/policy.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/sha256.h"
#include "service/ledger/block/metadata.h"
#include "service/ledger/policy/application_policy.h"
#include "service/ledger/policy/signature_policy_text.h"
#include "service/ledger/state/derived_namespace.h"
#include "service/ledger/validate/endorsement_signatures.h"
#include "tests/support/channel_of.h"
#include "tests/support/checkout.h"
#include "tests/support/map_state_view.h"
#include "tests/support/word_identities.h"

namespace ccbus::ledger {
namespace {

using test::MapStateView;
using test::WordIdentities;
using Signers = std::vector<std::string>;
using Catch::Matchers::Contains;

constexpr auto kValid = protos::VALID;
constexpr auto kFailure = protos::ENDORSEMENT_POLICY_FAILURE;
constexpr const char* kCc = "cc";
constexpr const char* kColl = "coll";  // Without a policy of its own.
constexpr const char* kOwn = "own";    // With one.

const Signers kOrg1{"Org1MSP.peer"};
const Signers kOrg2{"Org2MSP.peer"};
const Signers kOrg3{"Org3MSP.peer"};
const Signers kOrg1And2{"Org1MSP.peer", "Org2MSP.peer"};
const Signers kOrg1And3{"Org1MSP.peer", "Org3MSP.peer"};
const Signers kNobody;

std::string policy(const std::string& text) {
  return parse_signature_policy(text)->SerializeAsString();
}

// Chaincode cc needs Org1, its collection own Org2; other needs Org3; a key's policy Org3.
MapStateView::Entries defined() {
  ccbus::ChaincodeDefinition definition;
  definition.set_name(kCc);
  definition.set_validation_parameter(
      make_application_policy("OR('Org1MSP.peer')", "")->SerializeAsString());
  definition.add_collections()->set_name(kColl);
  auto& own = *definition.add_collections();
  own.set_name(kOwn);
  *own.mutable_endorsement_policy() = *make_application_policy("OR('Org2MSP.peer')", "");
  ccbus::ChaincodeDefinition other;
  other.set_name("other");
  other.set_validation_parameter(
      make_application_policy("OR('Org3MSP.peer')", "")->SerializeAsString());
  return {{{"_lifecycle", kCc}, {definition.SerializeAsString(), "", {1, 0}}},
          {{"_lifecycle", "other"}, {other.SerializeAsString(), "", {1, 1}}}};
}

std::string metadata(const std::string& name, const std::string& value) {
  MetadataEntries entries;
  add_entries({{name, value}}, entries);
  return encode_metadata(entries);
}

class Rig {
 public:
  explicit Rig(MapStateView::Entries entries = defined(),
               ccbus::ChannelConfig config = test::channel_of({"Org1MSP", "Org2MSP", "Org3MSP"}))
      : view_(std::move(entries)), policies_(*ChannelPolicies::of(config)) {}

  // Judges one transaction after the other, of one block.
  EndorsementVerdict judge(const TxRwset& rwset, const Signers& signers,
                           const std::string& chaincode = kCc) {
    auto verdict = validator_.judge(place_++, {chaincode, "1.0", rwset, signers});
    REQUIRE(verdict);
    CHECK((verdict->code == kValid) == verdict->reason.empty());
    return *verdict;
  }

  protos::TxValidationCode code(const TxRwset& rwset, const Signers& signers,
                                const std::string& chaincode = kCc) {
    return judge(rwset, signers, chaincode).code;
  }

  EndorsementValidator& validator() { return validator_; }

 private:
  const MapStateView view_;
  const ChannelPolicies policies_;
  const WordIdentities identities_;
  EndorsementValidator validator_{7, policies_, identities_, view_};
  std::uint64_t place_ = 0;
};

// What one transaction writes.
class Writes {
 public:
  explicit Writes(std::string ns = kCc) { and_in(std::move(ns)); }

  Writes& and_in(std::string ns) {
    set_.push_back({std::move(ns), {}, {}});
    return *this;
  }
  Writes& read(const std::string& key) {
    set_.back().kv.add_reads()->set_key(key);
    return *this;
  }
  Writes& key(const std::string& key) {
    auto& write = *set_.back().kv.add_writes();
    write.set_key(key);
    write.set_value("value");
    return *this;
  }
  Writes& deleted(const std::string& key) {
    auto& write = *set_.back().kv.add_writes();
    write.set_key(key);
    write.set_is_delete(true);
    return *this;
  }
  Writes& parameter(const std::string& key) {
    auto& write = *set_.back().kv.add_metadata_writes();
    write.set_key(key);
    add_entries({{"VALIDATION_PARAMETER", "any"}}, *write.mutable_entries());
    return *this;
  }
  Writes& hashed(const std::string& collection, const std::string& key) {
    auto& write = *at(collection).add_hashed_writes();
    write.set_key_hash(sha256({key}));
    write.set_value_hash(sha256({"value"}));
    return *this;
  }
  Writes& hashed_parameter(const std::string& collection, const std::string& key) {
    auto& write = *at(collection).add_metadata_writes();
    write.set_key_hash(sha256({key}));
    add_entries({{"VALIDATION_PARAMETER", "any"}}, *write.mutable_entries());
    return *this;
  }

  operator const TxRwset&() const { return set_; }

 private:
  kvrwset::HashedRWSet& at(const std::string& collection) {
    for (HashedCollection& one : set_.back().collections) {
      if (one.name == collection) return one.hashed;
    }
    set_.back().collections.push_back({collection, {}, {}});
    return set_.back().collections.back().hashed;
  }

  TxRwset set_;
};

// The keys with a policy of their own, which needs Org3.
MapStateView::Entries with_key_policies() {
  MapStateView::Entries entries = defined();
  const std::string of_org3 = metadata("VALIDATION_PARAMETER", policy("OR('Org3MSP.peer')"));
  entries[{kCc, "guarded"}] = {"value", of_org3, {2, 0}};
  entries[{hash_namespace(kCc, kColl), sha256({"guarded"})}] = {"hash", of_org3, {2, 0}};
  entries[{hash_namespace(kCc, kOwn), sha256({"guarded"})}] = {"hash", of_org3, {2, 0}};
  return entries;
}

struct Row {
  const char* what;  // As in Fabric's v20_test.go.
  Writes writes;
  const Signers& satisfying;
  const Signers& not_satisfying;
};

TEST_CASE("a key's policy counts, else the collection's, else the chaincode's",
          "[ledger][row-243]") {
  const Row rows[] = {
      {"no writes anywhere: the chaincode's", Writes().read("key"), kOrg1, kOrg2},
      {"a public write: the chaincode's", Writes().key("key"), kOrg1, kOrg2},
      {"several public writes: the chaincode's", Writes().key("key").key("key1"), kOrg1, kOrg3},
      {"a delete: the chaincode's", Writes().deleted("key"), kOrg1, kOrg2},
      {"a write of metadata: the chaincode's", Writes().parameter("key"), kOrg1, kOrg2},
      {"several of metadata: the chaincode's", Writes().parameter("key").parameter("key1"), kOrg1,
       kOrg2},
      {"a key with a policy: its own", Writes().key("guarded"), kOrg3, kOrg1},
      {"delete of a key with a policy: its own", Writes().deleted("guarded"), kOrg3, kOrg1},
      {"metadata of a key with a policy: the one before", Writes().parameter("guarded"), kOrg3,
       kOrg1},
      {"a key with a policy and one without: both", Writes().key("guarded").key("key"), kOrg1And3,
       kOrg3},
      {"a collection without a policy: the chaincode's", Writes().hashed(kColl, "key"), kOrg1,
       kOrg2},
      {"its metadata: the chaincode's", Writes().hashed_parameter(kColl, "key"), kOrg1, kOrg2},
      {"a collection with a policy: its own", Writes().hashed(kOwn, "key"), kOrg2, kOrg1},
      {"several keys of it: its own", Writes().hashed(kOwn, "key").hashed(kOwn, "key1"), kOrg2,
       kOrg1},
      {"its metadata: its own", Writes().hashed_parameter(kOwn, "key"), kOrg2, kOrg1},
      {"public and collection: both", Writes().key("key").hashed(kOwn, "key"), kOrg1And2, kOrg2},
      {"a private key with a policy: its own", Writes().hashed(kColl, "guarded"), kOrg3, kOrg1},
      {"the same in a collection with a policy: its own", Writes().hashed(kOwn, "guarded"), kOrg3,
       kOrg2},
      {"its metadata: the one before", Writes().hashed_parameter(kOwn, "guarded"), kOrg3, kOrg2},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(Rig(with_key_policies()).code(row.writes, row.satisfying) == kValid);
    CHECK(Rig(with_key_policies()).code(row.writes, row.not_satisfying) == kFailure);
    CHECK(Rig(with_key_policies()).code(row.writes, kNobody) == kFailure);
  }
}

TEST_CASE("a refusal has Fabric's words and what is missing", "[ledger][row-243]") {
  const auto reason = [](const Writes& writes) {
    return Rig(with_key_policies()).judge(writes, kNobody).reason;
  };
  CHECK(reason(Writes().key("key")) ==
        "validation of endorsement policy for chaincode cc in tx 7:0 failed: signature set did not "
        "satisfy policy: missing 'Org1MSP.peer'");
  CHECK(reason(Writes().key("guarded")) ==
        "validation of key guarded (coll'':ns'cc') in tx 7:0 failed: signature set did not satisfy "
        "policy: missing 'Org3MSP.peer'");
  CHECK(reason(Writes().hashed(kOwn, "key")) ==
        "validation of endorsement policy for collection own chaincode cc in tx 7:0 failed: "
        "signature set did not satisfy policy: missing 'Org2MSP.peer'");
  CHECK_THAT(reason(Writes().hashed(kColl, "guarded")),
             Contains("validation of key ") && Contains(" (coll'coll':ns'cc')"));
}

TEST_CASE("a collection that is not defined fails", "[ledger][row-243]") {
  CHECK(Rig().judge(Writes().hashed("nowhere", "key"), kOrg1).reason ==
        "no such collection 'nowhere'");
}

TEST_CASE("an implicit collection needs its organisation's endorsement", "[ledger][row-244]") {
  const Writes writes = Writes().hashed("_implicit_org_Org2MSP", "key");
  CHECK(Rig().code(writes, kOrg2) == kValid);
  CHECK(Rig().code(writes, kOrg1) == kFailure);
  CHECK(Rig().judge(Writes().hashed("_implicit_org_Org9MSP", "key"), kOrg1).reason ==
        "no org found in channel with MSPID 'Org9MSP'");
  // Without a policy Endorsement, of any member.
  ccbus::ChannelConfig config = test::channel_of({"Org1MSP", "Org2MSP"});
  config.mutable_organizations(1)->mutable_policies()->DeleteSubrange(1, 1);
  CHECK(Rig(defined(), config).code(writes, {"Org2MSP.client"}) == kValid);
  CHECK(Rig().code(writes, {"Org2MSP.client"}) == kFailure);
}

TEST_CASE("a policy of a key that cannot be decoded is satisfied by nobody", "[ledger]") {
  MapStateView::Entries entries = defined();
  entries[{kCc, "key"}] = {"value", metadata("VALIDATION_PARAMETER", "barf"), {2, 0}};
  entries[{kCc, "odd"}] = {"value", metadata("VALIDATION_PARAMETER", "\x08\x01"), {2, 0}};
  CHECK(Rig(entries).judge(Writes().key("key"), kOrg1).reason ==
        "could not translate policy for cc:key: could not unmarshal signature policy envelope");
  CHECK_THAT(Rig(entries).judge(Writes().key("odd"), kOrg1).reason,
             Contains("messages of version 0, but version was 1"));
  // Metadata of another name are none, and neither is an empty policy.
  entries[{kCc, "key"}] = {"value", metadata("owner", "barf"), {2, 0}};
  CHECK(Rig(entries).code(Writes().key("key"), kOrg1) == kValid);
  entries[{kCc, "key"}] = {"value", metadata("VALIDATION_PARAMETER", ""), {2, 0}};
  CHECK(Rig(entries).code(Writes().key("key"), kOrg1) == kValid);
}

TEST_CASE("every namespace that is written needs its own endorsements", "[ledger][row-245]") {
  const Writes both = Writes().key("key").and_in("other").key("key");
  CHECK(Rig().code(both, kOrg1And3) == kValid);
  CHECK(Rig().code(both, kOrg1) == kFailure);
  CHECK(Rig().code(both, kOrg3) == kFailure);
  // One that is only read needs none; the invoked one always does.
  CHECK(Rig().code(Writes().key("key").and_in("other").read("key"), kOrg1) == kValid);
  CHECK(Rig().code(Writes("other").key("key"), kOrg3) == kFailure);
  CHECK(Rig().code(Writes("other").key("key"), kOrg1And3) == kValid);
  CHECK(
      Rig().code(Writes().key("key").and_in("other").hashed_parameter("_implicit_org_Org2MSP", "k"),
                 kOrg1And2) == kValid);
}

TEST_CASE("the channel's policy counts for a chaincode without one", "[ledger][row-246]") {
  MapStateView::Entries entries = defined();
  ccbus::ChaincodeDefinition plain;
  plain.set_name("plain");
  entries[{"_lifecycle", "plain"}] = {plain.SerializeAsString(), "", {1, 2}};
  for (const char* const name : {"plain", "undefined"}) {
    CHECK(Rig(entries).code(Writes(name).key("key"), kOrg1And2, name) == kValid);
    CHECK(Rig(entries).code(Writes(name).key("key"), kOrg1, name) == kFailure);
  }
}

TEST_CASE("a chaincode without a definition is invalid if the channel asks for one",
          "[ledger][row-246]") {
  ccbus::ChannelConfig config = test::channel_of({"Org1MSP", "Org3MSP"});
  config.set_definitions_required(true);
  const auto code = [&](const Writes& writes, const char* chaincode) {
    return Rig(defined(), config).code(writes, kOrg1And3, chaincode);
  };
  CHECK(code(Writes().key("key"), kCc) == kValid);
  CHECK(code(Writes("undefined").key("key"), "undefined") == protos::INVALID_CHAINCODE);
  CHECK(code(Writes("undefined").read("key"), "undefined") == protos::INVALID_CHAINCODE);
  CHECK(code(Writes().key("key").and_in("undefined").key("key"), kCc) == protos::INVALID_CHAINCODE);
  CHECK(code(Writes().key("key").and_in("undefined").read("key"), kCc) == kValid);
  CHECK(code(Writes("_lifecycle").key("cc"), "_lifecycle") == kValid);
}

TEST_CASE("a defined chaincode endorses with its version", "[ledger][row-246]") {
  const TxRwset writes = Writes().key("key");
  Rig rig;
  const auto verdict = rig.validator().judge(0, {kCc, "", writes, kOrg1});
  REQUIRE(verdict);
  CHECK(verdict->code == protos::INVALID_CHAINCODE);
  CHECK(verdict->reason == "invalid chaincode version");
}

TEST_CASE("definitions need LifecycleEndorsement, the configuration Admins", "[ledger][row-247]") {
  const Writes definition = Writes("_lifecycle").key("cc");
  CHECK(Rig().code(definition, kOrg1And2, "_lifecycle") == kValid);
  CHECK(Rig().code(definition, kOrg1, "_lifecycle") == kFailure);
  const Writes config = Writes("_channel").key("config");
  CHECK(Rig().code(config, {"Org1MSP.admin", "Org3MSP.admin"}, "_channel") == kValid);
  CHECK(Rig().code(config, kOrg1And2, "_channel") == kFailure);
  // A chaincode that gets there needs both.
  const Writes smuggled = Writes().key("key").and_in("_channel").key("config");
  CHECK(Rig().code(smuggled, kOrg1And2) == kFailure);
}

// As in Fabric's vpmanager_test.go.
TEST_CASE("who writes a key whose policy the block has changed fails", "[ledger][row-248]") {
  Rig rig;
  SECTION("after one that satisfied its policies") {
    CHECK(rig.code(Writes().parameter("key"), kOrg1) == kValid);
    const auto verdict = rig.judge(Writes().key("key"), kOrg1And3);
    CHECK(verdict.code == kFailure);
    CHECK(verdict.reason ==
          "validation parameters for key [key] in namespace [cc:] have been changed in transaction "
          "1 of block 7");
    CHECK(rig.code(Writes().parameter("key"), kOrg1) == kFailure);
    CHECK(rig.code(Writes().deleted("key"), kOrg1) == kFailure);
    CHECK(rig.code(Writes().read("key"), kOrg1) == kValid);
    CHECK(rig.code(Writes().key("key1"), kOrg1) == kValid);
  }
  SECTION("not after one that did not") {
    CHECK(rig.code(Writes().parameter("key"), kOrg2) == kFailure);
    CHECK(rig.code(Writes().key("key"), kOrg1) == kValid);
    CHECK(rig.code(Writes().parameter("key"), kOrg1) == kValid);
    CHECK(rig.code(Writes().key("key"), kOrg1) == kFailure);
  }
  SECTION("nor for its own writes") {
    CHECK(rig.code(Writes().key("key").parameter("key"), kOrg1) == kValid);
  }
  SECTION("nor in another namespace or collection") {
    CHECK(rig.code(Writes().parameter("key"), kOrg1) == kValid);
    CHECK(rig.code(Writes("other").key("key"), kOrg3, "other") == kValid);
    CHECK(rig.code(Writes().hashed(kColl, "key"), kOrg1) == kValid);
  }
  SECTION("private keys, by their hashes") {
    CHECK(rig.code(Writes().hashed_parameter(kColl, "key"), kOrg1) == kValid);
    CHECK(rig.code(Writes().hashed(kColl, "key"), kOrg1) == kFailure);
    CHECK(rig.code(Writes().hashed_parameter(kColl, "key"), kOrg1) == kFailure);
    CHECK(rig.code(Writes().hashed(kOwn, "key"), kOrg2) == kValid);
    CHECK(rig.code(Writes().key("key"), kOrg1) == kValid);
  }
  SECTION("by namespace: one may be satisfied though the transaction fails") {
    CHECK(rig.code(Writes().parameter("key").and_in("other").parameter("key"), kOrg1) == kFailure);
    CHECK(rig.code(Writes().key("key"), kOrg1) == kFailure);
    CHECK(rig.code(Writes("other").key("key"), kOrg3, "other") == kValid);
  }
}

TEST_CASE("a block's own changes of definitions and policies count from the next block",
          "[ledger][row-248]") {
  Rig rig;
  CHECK(rig.code(Writes("_lifecycle").key("cc"), kOrg1And2, "_lifecycle") == kValid);
  CHECK(rig.code(Writes().key("key"), kOrg1) == kValid);
}

// Every read fails.
struct BrokenView : MapStateView {
  BrokenView() : MapStateView({}) {}
  [[nodiscard]] Result<bool> read(std::string_view, std::string_view,
                                  VersionedValue&) const override {
    return fail(ErrorCode::kIo, "the disk is gone");
  }
};

TEST_CASE("a state that cannot be read is an error, not a verdict", "[ledger]") {
  const BrokenView view;
  const auto policies = ChannelPolicies::of(test::channel_of({"Org1MSP"}));
  REQUIRE(policies);
  const WordIdentities identities;
  EndorsementValidator validator(1, *policies, identities, view);
  const TxRwset writes = Writes().key("key");
  const auto verdict = validator.judge(0, {kCc, "1.0", writes, kOrg1});
  REQUIRE_FALSE(verdict);
  CHECK(verdict.error().code == ErrorCode::kIo);
}

// A block as endorsed_blocks.jsonl has it.
class RecordedBlock {
 public:
  explicit RecordedBlock(const nlohmann::json& block) {
    for (const auto& [name, text] : block.at("chaincodes").items()) define(name, text, block);
    for (const auto& key : block.at("keys")) {
      const std::string ns = key[0];
      const std::string collection = key[1];
      const std::string name = key[2];
      entries_[{collection.empty() ? ns : hash_namespace(ns, collection),
                collection.empty() ? name : sha256({name})}] = {
          "value", metadata("VALIDATION_PARAMETER", policy(key[3])), {1, 0}};
    }
  }

  [[nodiscard]] MapStateView::Entries entries() const { return entries_; }

  static Writes writes_of(const nlohmann::json& sets) {
    Writes writes("unused");
    for (const auto& set : sets) {
      writes.and_in(set[0]);
      for (const auto& key : set[1]) writes.key(key);
      for (const auto& key : set[2]) writes.parameter(key);
      for (const auto& collection : set[3]) {
        for (const auto& key : collection[1]) writes.hashed(collection[0], key);
        for (const auto& key : collection[2]) writes.hashed_parameter(collection[0], key);
      }
    }
    return writes;
  }

  // An exclamation mark is before an endorser whose signature is bad.
  static Signers signers_of(const nlohmann::json& endorsers) {
    protos::ChaincodeActionPayload action;
    action.mutable_action()->set_proposal_response_payload("response");
    for (const std::string one : endorsers) {
      const bool is_bad = one.starts_with('!');
      auto& endorsement = *action.mutable_action()->add_endorsements();
      endorsement.set_endorser(is_bad ? one.substr(1) : one);
      endorsement.set_signature(is_bad ? "bad"
                                       : WordIdentities::signature_of(one, "response" + one));
    }
    protos::Transaction transaction;
    transaction.add_actions()->set_payload(action.SerializeAsString());
    common::Payload payload;
    payload.mutable_header()->set_signature_header("");
    payload.set_data(transaction.SerializeAsString());
    common::Envelope envelope;
    envelope.set_payload(payload.SerializeAsString());
    return check_signatures(envelope.SerializeAsString(), WordIdentities()).signers;
  }

 private:
  void define(const std::string& name, const std::string& text, const nlohmann::json& block) {
    ccbus::ChaincodeDefinition definition;
    definition.set_validation_parameter(make_application_policy(text, "")->SerializeAsString());
    for (const auto& [path, of_collection] : block.at("collections").items()) {
      if (!path.starts_with(name + "/")) continue;
      auto& collection = *definition.add_collections();
      collection.set_name(path.substr(name.size() + 1));
      if (of_collection == "") continue;
      *collection.mutable_endorsement_policy() =
          *make_application_policy(of_collection.get<std::string>(), "");
    }
    entries_[{"_lifecycle", name}] = {definition.SerializeAsString(), "", {1, 0}};
  }

  MapStateView::Entries entries_;
};

// What Fabric's own code (core/common/validation/statebased) found of random blocks: a digit for
// each transaction, 1 if it has the endorsements that it needs.
TEST_CASE("random blocks are judged as by Fabric", "[ledger][row-243][row-248]") {
  std::ifstream file(test::source_path("tests/unit/ledger/validate/endorsed_blocks.jsonl"));
  int blocks = 0;
  for (std::string line; std::getline(file, line); ++blocks) {
    const auto block = nlohmann::json::parse(line);
    Rig rig(RecordedBlock(block).entries());
    std::string valid;
    for (const auto& transaction : block.at("transactions")) {
      const auto code = rig.code(RecordedBlock::writes_of(transaction.at("sets")),
                                 RecordedBlock::signers_of(transaction.at("endorsers")),
                                 transaction.at("chaincode"));
      valid += code == kValid ? '1' : '0';
    }
    INFO(line);
    CHECK(valid == block.at("valid").get<std::string>());
  }
  CHECK(blocks == 140);
}

}  // namespace
}  // namespace ccbus::ledger
