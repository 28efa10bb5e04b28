// Envelopes that are not what their creator has signed and the organisations have endorsed, each
// kind many times over seeds: at the service's door and in a block, where none of them is valid.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/gateway/transactions/seal.h"
#include "service/ledger/policy/channel_config.h"
#include "tests/support/attack_rig.h"

namespace ccbus::test {
namespace {

using security::SigningIdentity;
using namespace std::chrono_literals;

// The layers of an endorsed transaction, which a test changes and puts together again.
struct EnvelopeLayers {
  explicit EnvelopeLayers(const common::Envelope& envelope) : signature(envelope.signature()) {
    protos::ProposalResponsePayload response;
    common::Payload payload;
    REQUIRE(payload.ParseFromString(envelope.payload()));
    REQUIRE(channel.ParseFromString(payload.header().channel_header()));
    REQUIRE(creator.ParseFromString(payload.header().signature_header()));
    REQUIRE(transaction.ParseFromString(payload.data()));
    REQUIRE(action.ParseFromString(transaction.actions(0).payload()));
    REQUIRE(results.ParseFromString(action.action().proposal_response_payload()));
    REQUIRE(chaincode.ParseFromString(results.extension()));
  }

  // With the signature that it had.
  [[nodiscard]] common::Envelope encode() {
    chaincode.SerializeToString(results.mutable_extension());
    results.SerializeToString(action.mutable_action()->mutable_proposal_response_payload());
    action.SerializeToString(transaction.mutable_actions(0)->mutable_payload());
    common::Payload payload;
    channel.SerializeToString(payload.mutable_header()->mutable_channel_header());
    creator.SerializeToString(payload.mutable_header()->mutable_signature_header());
    transaction.SerializeToString(payload.mutable_data());
    common::Envelope envelope;
    payload.SerializeToString(envelope.mutable_payload());
    envelope.set_signature(signature);
    return envelope;
  }

  [[nodiscard]] auto& endorsements() { return *action.mutable_action()->mutable_endorsements(); }
  // An endorsement of what it holds now.
  void endorse(const SigningIdentity& endorser) {
    const std::string& bytes = action.action().proposal_response_payload();
    protos::Endorsement& made = *endorsements().Add();
    made.set_endorser(endorser.serialized());
    made.set_signature(*endorser.sign(bytes + endorser.serialized()));
  }

  common::ChannelHeader channel;
  common::SignatureHeader creator;
  protos::Transaction transaction;
  protos::ChaincodeActionPayload action;
  protos::ProposalResponsePayload results;
  protos::ChaincodeAction chaincode;
  std::string signature;
};

struct EnvelopeRig : AttackRig {
  // A transaction of `client` that both organisations have endorsed.
  common::Envelope endorsed(std::mt19937& chance) {
    advance(2min);  // What was endorsed before is not kept any more: there is room.
    ccbus::ClientRequest asked;
    *asked.mutable_endorse()->mutable_proposed_transaction() = proposal_by(client, chance);
    request(asked);
    chaincode.run_jobs();
    write_and_complete("k");
    chaincode.run_jobs();
    const auto& prepared = answers().back().endorse().prepared_transaction();
    REQUIRE_FALSE(prepared.payload().empty());
    EnvelopeLayers layers(prepared);
    REQUIRE(layers.endorsements().size() == 1);
    layers.endorse(peer);
    common::Envelope envelope = layers.encode();
    envelope.set_signature(*client.sign(envelope.payload()));
    return envelope;
  }

  // The codes of a block of these.
  std::vector<protos::TxValidationCode> commit(const std::vector<common::Envelope>& envelopes) {
    std::vector<OrderedEnvelope> batch;
    for (const common::Envelope& envelope : envelopes) {
      batch.push_back({TxId{"tx"}, envelope.SerializeAsString(), {}, {}});
    }
    const auto block = ledger.ledger().commit(ledger.next_batch(std::move(batch)));
    REQUIRE(block);
    std::vector<protos::TxValidationCode> codes;
    for (const auto& transaction : block->transactions) codes.push_back(transaction.code);
    return codes;
  }

  // Changes a transaction so many times, and makes one block of what comes out and, as the last
  // one, the transaction as it was. That alone is valid. The door is asked, too, for some.
  void change_often(const std::function<void(EnvelopeLayers&, std::mt19937&)>& change,
                    bool may_creator_sign = true) {
    constexpr unsigned kOfThoseAtTheDoor = 8;
    std::mt19937 first(16);
    const common::Envelope sound = endorsed(first);
    common::Envelope at_door = endorsed(first);
    std::vector<common::Envelope> block;
    const auto changed = [&](const common::Envelope& from, std::mt19937& chance) {
      EnvelopeLayers layers(from);
      change(layers, chance);
      common::Envelope envelope = layers.encode();
      const unsigned signs = chance() % (may_creator_sign ? 3 : 2);
      if (signs == 1) envelope.set_signature(*admin.sign(envelope.payload()));
      if (signs == 2) envelope.set_signature(*client.sign(envelope.payload()));
      return envelope;
    };
    attack_often([&](std::mt19937& chance) {
      block.push_back(changed(sound, chance));
      if (chance() % kOfThoseAtTheDoor != 0) return false;
      const std::uint64_t height = ledger.ledger().height();
      const bool is_valid = is_valid_when_submitted(changed(at_door, chance));
      if (ledger.ledger().height() != height) at_door = endorsed(chance);  // Its id is used up.
      return is_valid;
    });
    block.push_back(sound);
    const auto codes = commit(block);
    CHECK(std::count(codes.begin(), codes.end(), protos::VALID) == 1);
    CHECK(codes.back() == protos::VALID);
    CHECK(ledger.value_of("k") == "v");
  }

  bool is_valid_when_submitted(const common::Envelope& envelope) {
    ccbus::ClientRequest asked;
    *asked.mutable_submit()->mutable_prepared_transaction() = envelope;
    request(asked);
    chaincode.run_jobs();
    if (!orderer.held.empty()) cut_block();
    return answers().back().submit().validation_code() == protos::VALID &&
           answers().back().status().code() == ccbus::OK;
  }

  Credential others_root = self_signed(ca_shape("inner.org2"));
  std::vector<SigningIdentity> no_peers = [this] {
    std::vector<SigningIdentity> made;
    for (const char* unit : {"client", "admin", "orderer"}) made.push_back(member(inner, unit));
    made.push_back(member(root, "peer"));
    made.push_back(member(others_root, "peer"));
    made.push_back(member(inner, "peer", "Org3MSP"));
    made.push_back(member(inner, "peer", "Org1MSP"));
    return made;
  }();
};

void flip(std::string& bytes, std::mt19937& chance) {
  if (bytes.empty()) bytes = "x";
  const std::size_t at = chance() % bytes.size();
  bytes[at] = static_cast<char>(bytes[at] ^ (1u << chance() % 8));
}

TEST_CASE("a channel header that was changed after it was signed", "[gateway][attacks][issue-16]") {
  EnvelopeRig rig;
  rig.change_often([](EnvelopeLayers& layers, std::mt19937& chance) {
    switch (chance() % 6) {
      case 0: flip(*layers.channel.mutable_channel_id(), chance); break;
      case 1: flip(*layers.channel.mutable_tx_id(), chance); break;
      case 2: layers.channel.set_type(static_cast<int>(chance() % 8) + 4); break;
      case 3:
        layers.channel.mutable_timestamp()->set_nanos(1 + static_cast<int>(chance() % 1'000));
        break;
      case 4: flip(*layers.channel.mutable_extension(), chance); break;
      default: layers.channel.set_epoch(1 + chance());
    }
  });
}

// Another nonce, or somebody else as the creator.
common::SignatureHeader changed(common::SignatureHeader header, const EnvelopeRig& rig,
                                std::mt19937& chance) {
  if (chance() % 2 == 0) {
    flip(*header.mutable_nonce(), chance);
  } else {
    header.set_creator(chance() % 2 == 0 ? rig.admin.serialized() : rig.peer.serialized());
  }
  return header;
}

TEST_CASE("a signature header that was changed after it was signed",
          "[gateway][attacks][issue-16]") {
  EnvelopeRig rig;
  rig.change_often([&](EnvelopeLayers& layers, std::mt19937& chance) {
    layers.creator = changed(layers.creator, rig, chance);
    if (chance() % 2 == 0) {
      layers.channel.set_tx_id(to_hex(sha256({layers.creator.nonce(), layers.creator.creator()})));
    }
  });
}

// The creator itself may: this header is signed, and nobody reads it.
TEST_CASE("an action's own header that was changed after it was signed",
          "[gateway][attacks][issue-16][row-335]") {
  EnvelopeRig rig;
  rig.change_often(
      [&](EnvelopeLayers& layers, std::mt19937& chance) {
        const auto header = changed(layers.creator, rig, chance);
        header.SerializeToString(layers.transaction.mutable_actions(0)->mutable_header());
      },
      false);
}

TEST_CASE("a proposal that was changed after it was endorsed", "[gateway][attacks][issue-16]") {
  EnvelopeRig rig;
  rig.change_often([](EnvelopeLayers& layers, std::mt19937& chance) {
    flip(*layers.action.mutable_chaincode_proposal_payload(), chance);
  });
}

TEST_CASE("results that were changed after they were endorsed", "[gateway][attacks][issue-16]") {
  EnvelopeRig rig;
  rig.change_often([](EnvelopeLayers& layers, std::mt19937& chance) {
    rwset::TxReadWriteSet set;
    kvrwset::KVRWSet writes;
    switch (chance() % 5) {
      case 0:  // Another value is written.
        REQUIRE(set.ParseFromString(layers.chaincode.results()));
        REQUIRE(writes.ParseFromString(set.ns_rwset(0).rwset()));
        writes.mutable_writes(0)->set_value("more" + std::to_string(chance()));
        writes.SerializeToString(set.mutable_ns_rwset(0)->mutable_rwset());
        set.SerializeToString(layers.chaincode.mutable_results());
        break;
      case 1: layers.chaincode.mutable_response()->set_payload(std::to_string(chance())); break;
      case 2: layers.chaincode.set_events(std::to_string(chance())); break;
      case 3: flip(*layers.results.mutable_proposal_hash(), chance); break;
      default: layers.chaincode.mutable_chaincode_id()->set_version(std::to_string(chance()));
    }
  });
}

TEST_CASE("endorsements that are too few, of others, or by who is no peer",
          "[gateway][attacks][issue-16]") {
  EnvelopeRig rig;
  rig.change_often([&](EnvelopeLayers& layers, std::mt19937& chance) {
    auto& all = layers.endorsements();
    const int one = static_cast<int>(chance() % 2);
    switch (chance() % 7) {
      case 0: all.DeleteSubrange(one, 1); break;
      case 1: *all.Mutable(one) = all.Get(1 - one); break;
      case 2:
        all.Mutable(one)->mutable_signature()->swap(*all.Mutable(1 - one)->mutable_signature());
        break;
      case 3: flip(*all.Mutable(one)->mutable_signature(), chance); break;
      case 4: flip(*all.Mutable(one)->mutable_endorser(), chance); break;
      case 5: all.Mutable(one)->set_signature(with_high_s(all.Get(one).signature())); break;
      default: all.Clear();
    }
  });
}

TEST_CASE("an endorsement by a client, and by other members who are no peers",
          "[gateway][attacks][issue-16]") {
  EnvelopeRig rig;
  rig.change_often([&](EnvelopeLayers& layers, std::mt19937& chance) {
    layers.endorsements().DeleteSubrange(1, 1);  // That of Org2MSP.
    const unsigned many = 1 + chance() % 3;
    for (unsigned i = 0; i < many; ++i) layers.endorse(one_of(rig.no_peers, chance));
  });
}

TEST_CASE("an envelope's signature that is not its creator's, or has the higher S",
          "[gateway][attacks][issue-16]") {
  EnvelopeRig rig;
  rig.change_often(
      [&](EnvelopeLayers& layers, std::mt19937& chance) {
        switch (chance() % 3) {
          case 0: layers.signature = with_high_s(layers.signature); break;
          case 1: flip(layers.signature, chance); break;
          default: layers.signature = *rig.admin.sign(std::to_string(chance()));
        }
      },
      false);
}

TEST_CASE("a configuration with two organisations of one MSP id is in no block",
          "[gateway][attacks][issue-16]") {
  EnvelopeRig rig;
  const auto& config = rig.ledger.ledger().trust()->config();
  const auto ours = rig.identities.endorsers(*rig.ledger.ledger().trust(), {}, true);
  std::vector<common::Envelope> block;
  attack_often([&](std::mt19937& chance) {  // Both organisations sign whatever it holds.
    EnvelopeLayers layers(rig.endorsed(chance));
    ccbus::ChannelConfig next = config;
    next.set_sequence(config.sequence() + 1);
    *next.add_organizations() = config.organizations(static_cast<int>(chance() % 2));
    if (chance() % 2 == 0) next.mutable_organizations()->SwapElements(0, 2);
    kvrwset::KVRWSet writes;
    kvrwset::KVWrite& write = *writes.add_writes();
    write.set_key(std::string(ledger::kChannelConfigKey));
    next.SerializeToString(write.mutable_value());
    rwset::TxReadWriteSet set;
    rwset::NsReadWriteSet& of_channel = *set.add_ns_rwset();
    of_channel.set_namespace_(std::string(ledger::kChannelNamespace));
    writes.SerializeToString(of_channel.mutable_rwset());
    set.SerializeToString(layers.chaincode.mutable_results());
    layers.endorsements().Clear();
    common::Envelope envelope = layers.encode();
    EnvelopeLayers changed(envelope);
    for (const auto* theirs : {&rig.admin, &rig.peer}) changed.endorse(*theirs);
    for (const auto& one : ours) changed.endorse(*one);
    envelope = changed.encode();
    envelope.set_signature(*rig.client.sign(envelope.payload()));
    block.push_back(std::move(envelope));
    return false;
  });
  for (const auto code : rig.commit(block)) {
    if (code != protos::INVALID_WRITESET) FAIL(protos::TxValidationCode_Name(code));
  }
  CHECK(rig.ledger.ledger().trust()->config().sequence() == 1);
}

}  // namespace
}  // namespace ccbus::test
