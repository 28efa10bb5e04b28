// Proposals of those who may not propose, each many times over seeds: no chaincode is called.
#include <catch2/catch.hpp>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "fabric/msp/identities.pb.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/gateway/access/time_window.h"
#include "service/gateway/transactions/signed_proposal.h"
#include "tests/support/attack_rig.h"

namespace ccbus::test {
namespace {

using security::SigningIdentity;

std::string random_text(std::mt19937& chance, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += static_cast<char>(chance());
  return text;
}

TEST_CASE("those who may propose do", "[gateway][attacks][issue-16]") {
  AttackRig rig;
  std::mt19937 chance(16);
  for (const SigningIdentity* one : {&rig.client, &rig.admin}) {
    CHECK(rig.is_admitted(rig.proposal_by(*one, chance), chance));
    rig.shim.sends(completed(rig.shim.last().txid(), 200, "result"));
  }
}

TEST_CASE("a transaction id is that of its creator and nonce", "[gateway][attacks][issue-16]") {
  AttackRig rig;
  attack_often([&](std::mt19937& chance) {
    const SigningIdentity& attacker = chance() % 2 == 0 ? rig.client : rig.admin;
    const SigningIdentity& victim = &attacker == &rig.client ? rig.admin : rig.client;
    ProposalLayers layers(rig.proposal_by(attacker, chance));
    const std::string& nonce = layers.signature.nonce();
    switch (chance() % 4) {
      case 0:  // The id that the victim's transaction with this nonce has.
        layers.channel.set_tx_id(to_hex(sha256({nonce, victim.serialized()})));
        break;
      case 1:  // The id of another nonce.
        layers.channel.set_tx_id(
            to_hex(sha256({random_text(chance, nonce.size()), attacker.serialized()})));
        break;
      case 2:  // In the victim's name, with the victim's id.
        layers.signature.set_creator(victim.serialized());
        layers.channel.set_tx_id(to_hex(sha256({nonce, victim.serialized()})));
        break;
      default:  // In capital letters, which the same bytes have, too.
        for (char& digit : *layers.channel.mutable_tx_id()) {
          digit = static_cast<char>(std::toupper(static_cast<unsigned char>(digit)));
        }
    }
    return rig.is_admitted(layers.signed_by(attacker), chance);
  });
}

TEST_CASE("an impostor of an organisation is none of its members", "[gateway][attacks][issue-16]") {
  AttackRig rig;
  std::vector<SigningIdentity> impostors;
  for (int i = 0; i < 4; ++i) {
    // Its authority has the same name.
    const Credential root = self_signed(ca_shape(i % 2 == 0 ? "ca.org2" : "inner.org2"));
    for (const char* unit : {"client", "admin", "peer"}) {
      impostors.push_back(AttackRig::member(root, unit));
    }
    impostors.push_back(AttackRig::member(root, "client", "Org1MSP"));
    impostors.push_back(
        signer_of(self_signed({.common_name = "client", .units = {"client"}}), "Org2MSP"));
  }
  attack_often([&](std::mt19937& chance) {
    return rig.is_admitted(rig.proposal_by(one_of(impostors, chance), chance), chance);
  });
}

TEST_CASE("an organisation that the channel does not have is unknown",
          "[gateway][attacks][issue-16]") {
  AttackRig rig;
  const Credential credential = issued_by(rig.inner, {.common_name = "c", .units = {"client"}});
  attack_often([&](std::mt19937& chance) {
    static const std::vector<std::string> names = {"Org3MSP",  "org2msp", "Org2MSP ", "Org2MS",
                                                   "Org2MSP2", "*",       "DevMSP"};
    std::string name = one_of(names, chance);
    if (chance() % 2 == 0) name += std::to_string(chance());
    return rig.is_admitted(rig.proposal_by(signer_of(credential, name), chance), chance);
  });
}

TEST_CASE("a peer proposes nothing", "[gateway][attacks][issue-16]") {
  AttackRig rig;
  std::vector<SigningIdentity> peers;
  for (int i = 0; i < 4; ++i) peers.push_back(AttackRig::member(rig.inner, "peer"));
  for (const char* unit : {"orderer", "somebody"}) {
    peers.push_back(AttackRig::member(rig.inner, unit));
  }
  attack_often([&](std::mt19937& chance) {
    return rig.is_admitted(rig.proposal_by(one_of(peers, chance), chance), chance);
  });
}

TEST_CASE("a proposal is of the last 15 minutes", "[gateway][attacks][issue-16]") {
  AttackRig rig;
  attack_often([&](std::mt19937& chance) {
    ProposalLayers layers(rig.proposal_by(rig.client, chance));
    constexpr std::int64_t kWindow =
        std::chrono::duration_cast<std::chrono::seconds>(gateway::kTimeWindow).count();
    // From just outside of the window to centuries.
    const std::int64_t beyond = 1 + static_cast<std::int64_t>(chance() >> (chance() % 31));
    auto& time = *layers.channel.mutable_timestamp();
    time.set_seconds(time.seconds() + (chance() % 2 == 0 ? 1 : -1) * (kWindow + beyond));
    if (chance() % 8 == 0) time.set_nanos(static_cast<int>(chance()));
    if (chance() % 8 == 0) layers.channel.clear_timestamp();
    const bool is_inside = layers.channel.timestamp().seconds() > 3600 - kWindow &&
                           layers.channel.timestamp().seconds() < 3600 + kWindow;
    return !is_inside && rig.is_admitted(layers.signed_by(rig.client), chance);
  });
}

TEST_CASE("a proposal's signature has the lower S", "[gateway][attacks][issue-16]") {
  AttackRig rig;
  attack_often([&](std::mt19937& chance) {
    const SigningIdentity& creator = chance() % 2 == 0 ? rig.client : rig.admin;
    auto proposal = rig.proposal_by(creator, chance);
    proposal.set_signature(with_high_s(proposal.signature()));
    return rig.is_admitted(proposal, chance);
  });
}

TEST_CASE("an authority that has authorities below it issues nobody",
          "[gateway][attacks][issue-16]") {
  AttackRig rig;
  std::vector<SigningIdentity> members;
  for (int i = 0; i < 4; ++i) {
    for (const char* unit : {"client", "admin"}) {
      members.push_back(AttackRig::member(rig.root, unit));
    }
  }
  // An authority of their own making below an authority, and a member as one.
  const Credential third = issued_by(rig.inner, ca_shape("third.org2"));
  members.push_back(AttackRig::member(third, "client"));
  const Credential leaf = issued_by(rig.inner, {.common_name = "client", .units = {"client"}});
  members.push_back(AttackRig::member(leaf, "client"));
  members.push_back(signer_of(rig.inner, "Org2MSP"));
  members.push_back(signer_of(rig.root, "Org2MSP"));
  attack_often([&](std::mt19937& chance) {
    return rig.is_admitted(rig.proposal_by(one_of(members, chance), chance), chance);
  });
}

TEST_CASE("two organisations of a channel never have one MSP id", "[gateway][attacks][issue-16]") {
  AttackRig rig;
  const auto other = *security::DevIdentities::make("Org2MSP");
  const ccbus::ChannelConfig present = rig.ledger.ledger().trust()->config();
  attack_often([&](std::mt19937& chance) {
    ccbus::ClientRequest request;
    request.mutable_channel()->set_channel_id(kChannel.value);
    auto& wanted = *request.mutable_channel()->mutable_configure();
    ccbus::ChannelConfig& config = *wanted.mutable_config();
    config = present;
    config.set_sequence(present.sequence() + 1);
    const std::string again = present.organizations(static_cast<int>(chance() % 2)).msp_id();
    ccbus::Organization& second = *config.add_organizations();
    second = present.organizations(static_cast<int>(chance() % 2));
    second.set_msp_id(again);
    msp::FabricMSPConfig msp = other.msp_config();
    msp.set_name(again);
    switch (chance() % 3) {
      case 0: break;  // The same certificates again, or those of the other one.
      case 1: second.mutable_msp()->set_config(msp.SerializeAsString()); break;
      default:  // Under another name, with an MSP of that id.
        second.set_msp_id(again + std::to_string(chance()));
        second.mutable_msp()->set_config(msp.SerializeAsString());
    }
    for (int i = config.organizations_size() - 1; i > 0; --i) {
      config.mutable_organizations()->SwapElements(
          i, static_cast<int>(chance() % static_cast<unsigned>(i + 1)));
    }
    rig.request(request);
    for (int i = 0; i < 3; ++i) rig.chaincode.run_jobs();
    return rig.answers().back().status().code() == ccbus::OK || !rig.orderer.held.empty();
  });
  CHECK(rig.ledger.ledger().trust()->config().sequence() == 1);
}

}  // namespace
}  // namespace ccbus::test
