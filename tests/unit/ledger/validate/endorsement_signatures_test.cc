#include "service/ledger/validate/endorsement_signatures.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/ledger/block/endorser_transaction.h"
#include "tests/support/transaction_parts.h"
#include "tests/support/word_identities.h"

namespace ccbus::ledger {
namespace {

using test::TransactionParts;
using test::WordIdentities;
using Signers = std::vector<std::string>;

constexpr const char* kCreator = "Org1MSP.client";

// An envelope whose creator has signed it, and its endorsements.
class SignedEnvelope {
 public:
  explicit SignedEnvelope(std::string creator = kCreator) : creator_(std::move(creator)) {
    TransactionParts parts(ChannelId{"ch1"}, "nonce", {});
    parts.signature_header.set_creator(creator_);
    common::Envelope envelope;
    REQUIRE(envelope.ParseFromString(parts.envelope().bytes));
    REQUIRE(payload_.ParseFromString(envelope.payload()));
    REQUIRE(transaction_.ParseFromString(payload_.data()));
    REQUIRE(action_.ParseFromString(transaction_.actions(0).payload()));
  }

  SignedEnvelope& endorse(const std::string& endorser) {
    return endorse_with(endorser,
                        WordIdentities::signature_of(
                            endorser, action_.action().proposal_response_payload() + endorser));
  }

  SignedEnvelope& endorse_with(const std::string& endorser, const std::string& signature) {
    auto& endorsement = *action_.mutable_action()->add_endorsements();
    endorsement.set_endorser(endorser);
    endorsement.set_signature(signature);
    return *this;
  }

  [[nodiscard]] std::string bytes() {
    transaction_.mutable_actions(0)->set_payload(action_.SerializeAsString());
    payload_.set_data(transaction_.SerializeAsString());
    common::Envelope envelope;
    envelope.set_payload(payload_.SerializeAsString());
    envelope.set_signature(WordIdentities::signature_of(creator_, envelope.payload()));
    return envelope.SerializeAsString();
  }

 private:
  const std::string creator_;
  common::Payload payload_;
  protos::Transaction transaction_;
  protos::ChaincodeActionPayload action_;
};

Signers signers_of(SignedEnvelope& envelope) {
  return check_signatures(envelope.bytes(), WordIdentities()).signers;
}

TEST_CASE("the creator has to be valid and to have signed the payload", "[ledger][row-240]") {
  const auto has_signed = [](const std::string& bytes) {
    return check_signatures(bytes, WordIdentities()).has_creator_signed;
  };
  const std::string good = SignedEnvelope().bytes();
  CHECK(has_signed(good));
  CHECK_FALSE(has_signed(SignedEnvelope("Org1MSP.client revoked").bytes()));
  CHECK_FALSE(has_signed(SignedEnvelope("nobody").bytes()));
  common::Envelope changed;
  REQUIRE(changed.ParseFromString(good));
  changed.set_signature("by Org2MSP.client " + changed.payload());
  CHECK_FALSE(has_signed(changed.SerializeAsString()));
  changed.clear_signature();
  CHECK_FALSE(has_signed(changed.SerializeAsString()));
  REQUIRE(changed.ParseFromString(good));
  changed.mutable_payload()->push_back('\0');
  CHECK_FALSE(has_signed(changed.SerializeAsString()));
}

TEST_CASE("an endorser counts once, with its first signature that holds", "[ledger][row-242]") {
  SignedEnvelope envelope;
  envelope.endorse("Org2MSP.peer").endorse("Org1MSP.peer");
  CHECK(signers_of(envelope) == Signers{"Org2MSP.peer", "Org1MSP.peer"});
  envelope.endorse("Org2MSP.peer");
  CHECK(signers_of(envelope) == Signers{"Org2MSP.peer", "Org1MSP.peer"});
  // A bad signature does not keep a good one from counting.
  envelope.endorse_with("Org3MSP.peer", "bad").endorse("Org3MSP.peer");
  CHECK(signers_of(envelope) == Signers{"Org2MSP.peer", "Org1MSP.peer", "Org3MSP.peer"});
}

TEST_CASE("one identity in two encodings is one endorser", "[ledger][row-242]") {
  SignedEnvelope envelope;
  envelope.endorse("Org1MSP.peer same").endorse("Org1MSP.peer same again");
  CHECK(signers_of(envelope) == Signers{"Org1MSP.peer same"});
}

TEST_CASE("what is no good endorsement is left out", "[ledger][row-242]") {
  SignedEnvelope envelope;
  envelope.endorse("nobody").endorse_with("Org1MSP.peer", "bad");
  // The signature is over the endorser, too.
  envelope.endorse_with("Org2MSP.peer",
                        WordIdentities::signature_of("Org2MSP.peer", "other bytes"));
  CHECK(signers_of(envelope).empty());
}

TEST_CASE("too many endorsements are none", "[ledger]") {
  SignedEnvelope envelope;
  for (int i = 0; i < kEndorsementsMax; ++i) envelope.endorse("Org1MSP.peer " + std::to_string(i));
  CHECK(signers_of(envelope).size() == kEndorsementsMax);
  envelope.endorse("Org1MSP.peer");
  CHECK(signers_of(envelope).empty());
}

TEST_CASE("nobody has signed an envelope that cannot be read", "[ledger]") {
  for (const std::string bytes : {"", "\xff", "\x0a\x01\xff"}) {
    const auto check = check_signatures(bytes, WordIdentities());
    CHECK_FALSE(check.has_creator_signed);
    CHECK(check.signers.empty());
  }
  // What is behind a readable header counts for nothing if it cannot be read.
  TransactionParts parts(ChannelId{"ch1"}, "nonce", {});
  parts.raw_transaction = "\xff";
  CHECK(check_signatures(parts.envelope().bytes, WordIdentities()).signers.empty());
  parts.raw_transaction.reset();
  parts.actions = 2;
  CHECK(check_signatures(parts.envelope().bytes, WordIdentities()).signers.empty());
}

TEST_CASE("the creator's signature is judged after the headers and before the transaction id",
          "[ledger][row-240]") {
  SignatureCheck unsigned_;
  SignatureCheck good;
  good.has_creator_signed = true;
  for (const auto code : {protos::VALID, protos::BAD_PROPOSAL_TXID,
                          protos::INVALID_ENDORSER_TRANSACTION, protos::BAD_RESPONSE_PAYLOAD}) {
    CHECK(with_creator_signature(code, unsigned_) == protos::BAD_CREATOR_SIGNATURE);
    CHECK(with_creator_signature(code, good) == code);
  }
  for (const auto code : {protos::NIL_ENVELOPE, protos::BAD_PAYLOAD, protos::BAD_COMMON_HEADER,
                          protos::BAD_CHANNEL_HEADER, protos::UNSUPPORTED_TX_PAYLOAD,
                          protos::TARGET_CHAIN_NOT_FOUND}) {
    CHECK(with_creator_signature(code, unsigned_) == code);
  }
}

}  // namespace
}  // namespace ccbus::ledger
