#pragma once

#include <openssl/ecdsa.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/security/crypto/ecdsa_signature.h"
#include "service/security/dev/dev_identities.h"
#include "service/security/signing/signing_identity.h"
#include "tests/support/gateway_rig.h"
#include "tests/support/test_organization.h"

namespace ccbus::test {

inline constexpr int kAttacks = 1'000;

// Calls `attack(chance)` so many times, each with a seed of its own, and checks that none of them
// succeeds. CCBUS_ATTACK_SEED gives another first seed; that of a success is printed.
template <class Attack>
void attack_often(Attack attack, int times = kAttacks) {
  const char* const asked = std::getenv("CCBUS_ATTACK_SEED");
  const auto first = static_cast<std::uint32_t>(asked == nullptr ? 16 : std::atoi(asked));
  int admitted = 0;
  std::uint32_t seed_of_success = 0;
  for (int i = 0; i < times; ++i) {
    const std::uint32_t seed = first + static_cast<std::uint32_t>(i);
    std::mt19937 chance(seed);
    if (!attack(chance)) continue;
    ++admitted;
    seed_of_success = seed;
  }
  INFO("admitted " << admitted << " of " << times
                   << ", last with CCBUS_ATTACK_SEED=" << seed_of_success);
  CHECK(admitted == 0);
}

template <class Container>
auto& one_of(Container& container, std::mt19937& chance) {
  return container[chance() % container.size()];
}

// The other signature in DER that ECDSA accepts for the same bytes: with n - s in place of s.
inline std::string with_high_s(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
  const std::unique_ptr<EC_GROUP, decltype(&EC_GROUP_free)> group(
      EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1), EC_GROUP_free);
  BIGNUM* const high = BN_new();
  BN_sub(high, EC_GROUP_get0_order(group.get()), ECDSA_SIG_get0_s(signature.get()));
  ECDSA_SIG_set0(signature.get(), BN_dup(ECDSA_SIG_get0_r(signature.get())), high);
  std::string encoded(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(encoded.data());
  i2d_ECDSA_SIG(signature.get(), &out);
  return encoded;
}

inline security::SigningIdentity signer_of(const Credential& credential,
                                           const std::string& msp_id) {
  return *security::SigningIdentity::from_pem(msp_id, credential.pem(), credential.key_pem());
}

// The layers of a proposal, which a test changes and puts together again.
struct ProposalLayers {
  explicit ProposalLayers(const protos::SignedProposal& from) {
    protos::Proposal proposal;
    common::Header header;
    REQUIRE(proposal.ParseFromString(from.proposal_bytes()));
    REQUIRE(header.ParseFromString(proposal.header()));
    REQUIRE(channel.ParseFromString(header.channel_header()));
    REQUIRE(signature.ParseFromString(header.signature_header()));
    payload = proposal.payload();
  }

  [[nodiscard]] protos::SignedProposal signed_by(const security::SigningIdentity& signer) const {
    common::Header header;
    channel.SerializeToString(header.mutable_channel_header());
    signature.SerializeToString(header.mutable_signature_header());
    protos::Proposal proposal;
    header.SerializeToString(proposal.mutable_header());
    proposal.set_payload(payload);
    protos::SignedProposal made;
    proposal.SerializeToString(made.mutable_proposal_bytes());
    made.set_signature(*signer.sign(made.proposal_bytes()));
    return made;
  }

  common::ChannelHeader channel;
  common::SignatureHeader signature;
  std::string payload;
};

// A channel of two organisations, whose transactions both have to endorse: Org1MSP, which the
// service plays, and Org2MSP, whose members the test has. Those of Org2MSP are issued by an inner
// authority, so that its root may issue nobody.
struct AttackRig : GatewayRig {
  AttackRig() {
    msp::FabricMSPConfig theirs = msp_config("Org2MSP", {&root}, {});
    theirs.add_intermediate_certs(inner.pem());
    enable_roles(theirs);
    ccbus::ClientRequest configure;
    configure.mutable_channel()->set_channel_id(kChannel.value);
    auto& wanted = *configure.mutable_channel()->mutable_configure();
    wanted.add_development_organizations("Org1MSP");
    wanted.add_organizations()->set_config(theirs.SerializeAsString());
    request(configure);
    chaincode.run_jobs();
    cut_block();
    REQUIRE(ledger.ledger().trust());
  }

  static security::SigningIdentity member(const Credential& issuer, const std::string& unit,
                                          const std::string& msp_id = "Org2MSP") {
    return signer_of(issued_by(issuer, {.common_name = unit, .units = {unit}}), msp_id);
  }

  // A proposal by somebody, with arguments that differ, and when it is signed.
  [[nodiscard]] protos::SignedProposal proposal_by(const security::SigningIdentity& creator,
                                                   std::mt19937& chance) {
    auto invocation = submit(1).submit().invocation();
    invocation.add_args(std::to_string(chance()));
    const gateway::ProposalBuilder builder(creator, gateway::random_bytes);
    auto proposal = builder.build(invocation, chaincode.now().wall).signed_proposal;
    REQUIRE(gateway::sign(proposal, creator));
    return proposal;
  }

  // Whether a chaincode was called for it, or anything endorsed. Half of them ask for each.
  bool is_admitted(const protos::SignedProposal& proposal, std::mt19937& chance) {
    const std::size_t called = shim.received().size();
    ccbus::ClientRequest asked;
    if (chance() % 2 == 0) {
      *asked.mutable_evaluate()->mutable_proposed_transaction() = proposal;
    } else {
      *asked.mutable_endorse()->mutable_proposed_transaction() = proposal;
    }
    const std::size_t answered = answers().size();
    request(asked);
    chaincode.run_jobs();
    const bool is_refused = answers().size() == answered + 1 &&
                            answers().back().status().code() != ccbus::OK &&
                            shim.received().size() == called;
    return !is_refused;
  }

  Credential root = self_signed(ca_shape("ca.org2"));
  Credential inner = issued_by(root, ca_shape("inner.org2"));
  security::SigningIdentity client = member(inner, "client");
  security::SigningIdentity admin = member(inner, "admin");
  security::SigningIdentity peer = member(inner, "peer");
};

}  // namespace ccbus::test
