#include "service/ledger/block/block_contents.h"

#include <catch2/catch.hpp>
#include <random>

#include "fabric/peer/chaincode_event.pb.h"
#include "service/ledger/block/block.h"
#include "tests/support/ledger_rig.h"
#include "tests/support/transaction_parts.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

protos::ChaincodeEvent named_event(const std::string& tx) {
  protos::ChaincodeEvent event;
  event.set_chaincode_id(kNs);
  event.set_tx_id(tx_id_of(tx).value);
  event.set_event_name("created");
  event.set_payload("payload");
  return event;
}

TransactionParts with_event(const std::string& name, const protos::ChaincodeEvent& event) {
  TransactionParts parts(kChannel, name, {});
  parts.action.set_events(event.SerializeAsString());
  return parts;
}

common::Block block_of(std::vector<OrderedEnvelope> envelopes) {
  const std::vector<protos::TxValidationCode> codes(envelopes.size(), protos::VALID);
  return make_block(7, "previous", std::move(envelopes), codes);
}

BlockTransaction only_one(const TransactionParts& parts) {
  const auto found = block_contents(block_of({parts.envelope()}));
  REQUIRE(found.size() == 1);
  return found.front();
}

}  // namespace

TEST_CASE("a block tells who did what in it, in its order, and how it went", "[ledger]") {
  const common::Block block = make_block(7, "previous",
                                         {TransactionParts(kChannel, "a", {}).envelope(),
                                          with_event("b", named_event("b")).envelope()},
                                         {protos::MVCC_READ_CONFLICT, protos::VALID});
  const auto found = block_contents(block);
  REQUIRE(found.size() == 2);
  CHECK(found[0].tx_id == tx_id_of("a"));
  CHECK(found[0].chaincode_name == kNs);
  CHECK(found[0].timestamp.seconds() == kTimestampSeconds);
  CHECK(found[0].code == protos::MVCC_READ_CONFLICT);
  CHECK_FALSE(found[0].event);
  CHECK(found[1].tx_id == tx_id_of("b"));
  CHECK(found[1].code == protos::VALID);
  REQUIRE(found[1].event);
  CHECK(found[1].event->event_name() == "created");
  CHECK(found[1].event->payload() == "payload");
}

TEST_CASE("an event without its names is none", "[ledger]") {
  auto event = named_event("tx");
  CHECK(only_one(with_event("tx", event)).event);
  SECTION("no chaincode") {
    event.clear_chaincode_id();
  }
  SECTION("no name") {
    event.clear_event_name();
  }
  SECTION("no transaction") {
    event.clear_tx_id();
  }
  CHECK_FALSE(only_one(with_event("tx", event)).event);
}

TEST_CASE("bytes that are no event are none", "[ledger]") {
  TransactionParts parts(kChannel, "tx", {});
  parts.action.set_events("\xff");
  CHECK_FALSE(only_one(parts).event);
  CHECK(only_one(parts).tx_id == tx_id_of("tx"));
}

TEST_CASE("what is no sound endorser transaction tells what can be read of it", "[ledger]") {
  auto parts = with_event("tx", named_event("tx"));
  SECTION("of another type") {
    parts.channel_header.set_type(common::CONFIG);
  }
  SECTION("with another proposal's hash") {
    parts.raw_proposal_hash = "another";
  }
  SECTION("without its action") {
    parts.actions = 0;
  }
  const BlockTransaction found = only_one(parts);
  CHECK(found.tx_id == tx_id_of("tx"));
  CHECK(found.chaincode_name == kNs);
  CHECK(found.timestamp.seconds() == kTimestampSeconds);
  CHECK_FALSE(found.event);
}

TEST_CASE("an envelope for which a block has no code is not validated", "[ledger]") {
  common::Block block = block_of({TransactionParts(kChannel, "a", {}).envelope()});
  SECTION("the codes end before") {
    block.mutable_metadata()->mutable_metadata(common::TRANSACTIONS_FILTER)->clear();
  }
  SECTION("no metadata at all") {
    block.clear_metadata();
  }
  CHECK(block_contents(block).at(0).code == protos::NOT_VALIDATED);
}

TEST_CASE("the contents of a block may be any bytes", "[ledger]") {
  CHECK(block_contents(common::Block()).empty());
  const std::uint32_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string sound = with_event("tx", named_event("tx")).envelope().bytes;
  common::Block block;
  block.mutable_data()->add_data("");
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes = sound.substr(0, random() % (sound.size() + 1));
    for (int flips = 0; !bytes.empty() && flips < i % 4; ++flips) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    block.mutable_data()->add_data(bytes);
  }
  CHECK(block_contents(block).size() == 2'001);
}
