#include "service/cli/json/block_json.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fabric/common/common.pb.h"
#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "fabric/peer/transaction.pb.h"

using namespace ccbus::cli;
using nlohmann::json;

namespace {

std::string results() {
  kvrwset::KVRWSet set;
  auto* read = set.add_reads();
  read->set_key("a1");
  read->mutable_version()->set_block_num(3);
  set.add_reads()->set_key("new");
  auto* write = set.add_writes();
  write->set_key("a1");
  write->set_value("\xff\x01");
  auto* gone = set.add_writes();
  gone->set_key("gone");
  gone->set_is_delete(true);
  auto* range = set.add_range_queries_info();
  range->set_start_key("a");
  range->set_itr_exhausted(true);
  range->mutable_raw_reads()->add_kv_reads()->set_key("a1");
  auto* metadata = set.add_metadata_writes();
  metadata->set_key("a1");
  metadata->add_entries()->set_name("VALIDATION_PARAMETER");

  kvrwset::HashedRWSet hashed;
  hashed.add_hashed_writes()->set_key_hash("\x01\x02");
  rwset::TxReadWriteSet all;
  auto* ns = all.add_ns_rwset();
  ns->set_namespace_("basic");
  ns->set_rwset(set.SerializeAsString());
  auto* collection = ns->add_collection_hashed_rwset();
  collection->set_collection_name("secret");
  collection->set_hashed_rwset(hashed.SerializeAsString());
  return all.SerializeAsString();
}

common::Envelope envelope() {
  protos::ChaincodeInvocationSpec spec;
  spec.mutable_chaincode_spec()->mutable_input()->add_args("Move");
  spec.mutable_chaincode_spec()->mutable_input()->add_args("\xff");
  protos::ChaincodeProposalPayload proposal;
  proposal.set_input(spec.SerializeAsString());

  protos::ChaincodeEvent event;
  event.set_event_name("Moved");
  protos::ChaincodeAction action;
  action.mutable_chaincode_id()->set_name("basic");
  action.mutable_response()->set_status(200);
  action.set_events(event.SerializeAsString());
  action.set_results(results());
  protos::ProposalResponsePayload response;
  response.set_extension(action.SerializeAsString());
  protos::ChaincodeActionPayload payload;
  payload.set_chaincode_proposal_payload(proposal.SerializeAsString());
  payload.mutable_action()->set_proposal_response_payload(response.SerializeAsString());
  protos::Transaction transaction;
  transaction.add_actions()->set_payload(payload.SerializeAsString());

  common::ChannelHeader channel;
  channel.set_tx_id("4f9c");
  channel.mutable_timestamp()->set_seconds(1'767'225'600);
  channel.mutable_timestamp()->set_nanos(5);
  msp::SerializedIdentity creator;
  creator.set_mspid("Org1MSP");
  common::SignatureHeader signature;
  signature.set_creator(creator.SerializeAsString());
  common::Payload whole;
  whole.mutable_header()->set_channel_header(channel.SerializeAsString());
  whole.mutable_header()->set_signature_header(signature.SerializeAsString());
  whole.set_data(transaction.SerializeAsString());
  common::Envelope made;
  made.set_payload(whole.SerializeAsString());
  return made;
}

}  // namespace

TEST_CASE("a transaction is taken apart down to what it read and wrote", "[cli]") {
  const json shown = transaction_json(envelope(), protos::VALID);
  CHECK(shown["tx_id"] == "4f9c");
  CHECK(shown["validation_code"] == "VALID");
  CHECK(shown["timestamp"] == "2026-01-01T00:00:00.000000005Z");
  CHECK(shown["creator_msp_id"] == "Org1MSP");
  CHECK(shown["chaincode"] == "basic");
  CHECK(shown["args"] == json{"Move", nullptr});
  CHECK(shown["status"] == 200);
  CHECK(shown["event"]["name"] == "Moved");
  const json& ns = shown["namespaces"][0];
  CHECK(ns["namespace"] == "basic");
  CHECK(ns["reads"][0] == json{{"key", "a1"}, {"version", {{"block", 3}, {"tx", 0}}}});
  CHECK(ns["reads"][1]["version"].is_null());
  CHECK(ns["writes"][0]["value"].is_null());
  CHECK(ns["writes"][0]["value_base64"] == "/wE=");
  CHECK(ns["writes"][1] == json{{"key", "gone"}, {"is_delete", true}});
  CHECK(ns["ranges"][0]["reads"].size() == 1);
  CHECK(ns["metadata_writes"][0]["entries"].contains("VALIDATION_PARAMETER"));
  CHECK(ns["collections"][0]["collection"] == "secret");
  CHECK(ns["collections"][0]["hashed_writes"][0]["key_hash"] == "0102");
}

TEST_CASE("what cannot be decoded is null, down to an envelope of nothing", "[cli]") {
  common::Envelope broken;
  broken.set_payload("\xff\xff\xff");
  const json shown = transaction_json(broken, protos::BAD_PAYLOAD);
  CHECK(shown["validation_code"] == "BAD_PAYLOAD");
  CHECK(shown["tx_id"].is_null());
  CHECK(shown["namespaces"].is_null());
  CHECK(transaction_json({}, 77)["validation_code"] == "77");
}

TEST_CASE("a block shows its transactions with their codes, for programs and for people", "[cli]") {
  common::Block block;
  block.mutable_header()->set_number(12);
  block.mutable_header()->set_data_hash("\xab");
  block.mutable_data()->add_data(envelope().SerializeAsString());
  block.mutable_data()->add_data("\xff");
  for (int i = 0; i < common::TRANSACTIONS_FILTER; ++i) block.mutable_metadata()->add_metadata("");
  block.mutable_metadata()->add_metadata(std::string("\x00", 1));  // One code for two.
  const json shown = block_json(block);
  CHECK(shown["number"] == 12);
  CHECK(shown["data_hash"] == "ab");
  CHECK(shown["transactions"][0]["validation_code"] == "VALID");
  CHECK(shown["transactions"][1]["validation_code"] == "NOT_VALIDATED");
  const std::string text = format_block(block);
  CHECK_THAT(text, Catch::Contains("block 12\n  previous hash  -\n  data hash      ab\n"));
  CHECK_THAT(text, Catch::Contains("0   4f9c         VALID          basic      Move"));
  CHECK_THAT(text, Catch::Contains("1   -            NOT_VALIDATED  -          -"));
}
