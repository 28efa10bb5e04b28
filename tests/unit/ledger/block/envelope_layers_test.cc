#include "service/ledger/block/envelope_layers.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "tests/support/transaction_parts.h"

namespace ccbus::ledger {
namespace {

// Each layer as the views give it and as protobuf does. They have to agree about any bytes.
void check_envelope(const std::string& bytes) {
  EnvelopeLayers layers;
  common::Envelope expected;
  const auto found = layers.envelope(bytes);
  REQUIRE(found.has_value() == expected.ParseFromString(bytes));
  if (!found) return;
  CHECK(found->payload == expected.payload());
  CHECK(found->signature == expected.signature());
}

void check_payload(const std::string& bytes) {
  EnvelopeLayers layers;
  common::Payload expected;
  const auto found = layers.payload(bytes);
  REQUIRE(found.has_value() == expected.ParseFromString(bytes));
  if (!found) return;
  CHECK(found->has_header == expected.has_header());
  CHECK(found->channel_header == expected.header().channel_header());
  CHECK(found->signature_header == expected.header().signature_header());
  CHECK(found->data == expected.data());
}

void check_signature_header(const std::string& bytes) {
  EnvelopeLayers layers;
  common::SignatureHeader expected;
  const auto found = layers.signature_header(bytes);
  REQUIRE(found.has_value() == expected.ParseFromString(bytes));
  if (!found) return;
  CHECK(found->creator == expected.creator());
  CHECK(found->nonce == expected.nonce());
}

void check_transaction(const std::string& bytes) {
  EnvelopeLayers layers;
  protos::Transaction expected;
  const auto found = layers.transaction(bytes);
  REQUIRE(found.has_value() == expected.ParseFromString(bytes));
  if (!found) return;
  CHECK(found->actions == expected.actions_size());
  if (found->actions > 0) CHECK(found->action_payload == expected.actions(0).payload());
}

void check_action_payload(const std::string& bytes) {
  EnvelopeLayers layers;
  protos::ChaincodeActionPayload expected;
  const auto found = layers.action_payload(bytes);
  REQUIRE(found.has_value() == expected.ParseFromString(bytes));
  if (!found) return;
  CHECK(found->chaincode_proposal_payload == expected.chaincode_proposal_payload());
  CHECK(found->proposal_response_payload == expected.action().proposal_response_payload());
  const auto& endorsements = expected.action().endorsements();
  const auto read = std::min<std::size_t>(static_cast<std::size_t>(endorsements.size()),
                                          EnvelopeLayers::kEndorsementsReadMax);
  REQUIRE(found->endorsements.size() == read);
  for (std::size_t i = 0; i < read; ++i) {
    const protos::Endorsement& one = endorsements[static_cast<int>(i)];
    CHECK(found->endorsements[i].endorser == one.endorser());
    CHECK(found->endorsements[i].signature == one.signature());
  }
}

void check_response_payload(const std::string& bytes) {
  EnvelopeLayers layers;
  protos::ProposalResponsePayload expected;
  const auto found = layers.response_payload(bytes);
  REQUIRE(found.has_value() == expected.ParseFromString(bytes));
  if (!found) return;
  CHECK(found->proposal_hash == expected.proposal_hash());
  CHECK(found->extension == expected.extension());
}

void check_all(const std::string& bytes) {
  check_envelope(bytes);
  check_payload(bytes);
  check_signature_header(bytes);
  check_transaction(bytes);
  check_action_payload(bytes);
  check_response_payload(bytes);
}

// A transaction's layers, outermost first.
std::vector<std::string> sound_layers() {
  const test::TransactionParts parts(ChannelId{"ch1"}, "tx1", {});
  common::Envelope envelope;
  REQUIRE(envelope.ParseFromString(parts.envelope().bytes));
  common::Payload payload;
  REQUIRE(payload.ParseFromString(envelope.payload()));
  protos::Transaction transaction;
  REQUIRE(transaction.ParseFromString(payload.data()));
  protos::ChaincodeActionPayload action;
  REQUIRE(action.ParseFromString(transaction.actions(0).payload()));
  envelope.set_signature("signature");
  for (int i = 0; i < 3; ++i) {
    auto& endorsement = *action.mutable_action()->add_endorsements();
    endorsement.set_endorser("endorser " + std::to_string(i));
    endorsement.set_signature("signature " + std::to_string(i));
  }
  return {envelope.SerializeAsString(),        parts.envelope().bytes,
          action.SerializeAsString(),          envelope.payload(),
          payload.header().signature_header(), payload.data(),
          transaction.actions(0).payload(),    action.action().proposal_response_payload()};
}

TEST_CASE("layers are read as protobuf reads them", "[ledger]") {
  for (const std::string& layer : sound_layers()) check_all(layer);
}

TEST_CASE("of very many endorsements the first ones are read", "[ledger]") {
  protos::ChaincodeActionPayload action;
  for (std::size_t i = 0; i < EnvelopeLayers::kEndorsementsReadMax; ++i) {
    action.mutable_action()->add_endorsements()->set_endorser(std::to_string(i));
  }
  check_action_payload(action.SerializeAsString());
  action.mutable_action()->add_endorsements()->set_endorser("one more");
  check_action_payload(action.SerializeAsString());
}

TEST_CASE("odd layers are read as protobuf reads them", "[ledger]") {
  using namespace std::string_literals;
  for (const std::string& bytes :
       {""s, "\x0a\x00"s, "\x0a\x00\x0a\x02\x0a\x00"s,  // A part that comes twice is one, merged.
        "\x0a\x03\x0a\x01x\x0a\x03\x12\x01y"s, "\x12\x01x\x0a\x01y"s, "\x1a\x01x"s, "\x08\x01"s,
        "\x0a\x02\x08\x01"s, "\x12\x04\x12\x02\x0a\x00"s, "\x0a\x05x"s, "\x0a\x80\x00"s}) {
    check_all(bytes);
  }
}

TEST_CASE("damaged layers are read as protobuf reads them", "[ledger]") {
  std::mt19937 random(20261125);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (const std::string& sound : sound_layers()) {
    for (int round = 0; round < 1'000; ++round) {
      std::string bytes = sound.substr(0, 1 + below(sound.size()));
      for (std::size_t count = below(4); count > 0; --count) {
        bytes[below(std::min<std::size_t>(bytes.size(), 24))] = static_cast<char>(below(256));
      }
      check_all(bytes);
    }
  }
}

}  // namespace
}  // namespace ccbus::ledger
