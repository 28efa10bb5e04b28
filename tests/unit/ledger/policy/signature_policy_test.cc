#include "service/ledger/policy/signature_policy.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "service/ledger/policy/signature_policy_text.h"
#include "tests/support/word_identities.h"

namespace ccbus::ledger {
namespace {

using common::SignaturePolicy;
using common::SignaturePolicyEnvelope;
using test::n_out_of;
using test::signed_by;
using test::WordIdentities;
using Signers = std::vector<std::string>;

SignaturePolicyEnvelope policy_of(const std::string& text) {
  auto policy = parse_signature_policy(text);
  REQUIRE(policy);
  return *policy;
}

// Principals 0 and 1 are the members of A and B.
SignaturePolicyEnvelope over_a_and_b(SignaturePolicy rule) {
  SignaturePolicyEnvelope policy = policy_of("AND('A.member', 'B.member')");
  *policy.mutable_rule() = std::move(rule);
  return policy;
}

Evaluation evaluation_of(const SignaturePolicyEnvelope& policy, const Signers& signers) {
  auto evaluation = evaluate(policy, signers, WordIdentities());
  REQUIRE(evaluation);
  return *evaluation;
}

bool satisfies(const SignaturePolicyEnvelope& policy, const Signers& signers) {
  return evaluation_of(policy, signers).is_satisfied;
}

std::string missing(const std::string& policy, const Signers& signers) {
  return evaluation_of(policy_of(policy), signers).missing;
}

TEST_CASE("one signature is asked of its principal alone", "[ledger][row-251]") {
  const auto policy = over_a_and_b(signed_by(0));
  CHECK(satisfies(policy, {"A.peer"}));
  CHECK_FALSE(satisfies(policy, {"B.peer"}));
  CHECK_FALSE(satisfies(policy, {}));
}

TEST_CASE("one signer counts once in a gate", "[ledger][row-251]") {
  const auto both = over_a_and_b(n_out_of(2, signed_by(0), signed_by(1)));
  CHECK(satisfies(both, {"A.peer", "B.peer"}));
  CHECK(satisfies(both, {"B.peer", "A.peer"}));
  CHECK_FALSE(satisfies(both, {"A.peer", "A.peer 2"}));
  const auto twice = over_a_and_b(n_out_of(2, signed_by(0), signed_by(0)));
  CHECK_FALSE(satisfies(twice, {"A.peer"}));
  CHECK(satisfies(twice, {"A.peer", "A.peer 2"}));
}

// And(Or(And(A, B), And(A, A)), A), as in Fabric's cauthdsl_test.go.
TEST_CASE("an inner gate gives back what it took in vain", "[ledger][row-251]") {
  const auto policy = over_a_and_b(n_out_of(
      2,
      n_out_of(1, n_out_of(2, signed_by(0), signed_by(1)), n_out_of(2, signed_by(0), signed_by(0))),
      signed_by(0)));
  CHECK(satisfies(policy, {"A.peer", "B.peer", "A.peer 2"}));
  CHECK(satisfies(policy, {"A.peer", "A.peer 2", "A.peer 3"}));
  CHECK_FALSE(satisfies(policy, {"A.peer", "B.peer"}));
  CHECK_FALSE(satisfies(policy, {"A.peer", "B.peer", "B.peer 2"}));
}

TEST_CASE("the first rule takes the first signer that fits, even if a later rule then fails",
          "[ledger][row-251]") {
  const auto policy = policy_of("AND('A.member', 'A.peer')");
  CHECK(satisfies(policy, {"A.client", "A.peer"}));
  // Another distribution would do; Fabric does not look for it.
  CHECK_FALSE(satisfies(policy, {"A.peer", "A.client"}));
}

TEST_CASE("a gate goes on after it has enough, and takes more signers than it needs",
          "[ledger][row-251]") {
  const auto policy = policy_of("AND(OR('A.peer', 'B.peer'), 'B.peer')");
  CHECK_FALSE(satisfies(policy, {"A.peer", "B.peer"}));
  CHECK(satisfies(policy, {"A.peer", "B.peer", "B.peer 2"}));
}

TEST_CASE("a gate that needs none is satisfied by nobody, one that needs more than it has never",
          "[ledger][row-251]") {
  CHECK(satisfies(over_a_and_b(n_out_of(0)), {}));
  CHECK(satisfies(policy_of("OutOf(0, 'A.peer')"), {}));
  CHECK_FALSE(satisfies(over_a_and_b(n_out_of(1)), {"A.peer"}));
  CHECK_FALSE(satisfies(policy_of("OutOf(2, 'A.peer')"), {"A.peer", "A.peer 2"}));
}

TEST_CASE("a policy that cannot be evaluated is an error in Fabric's words", "[ledger][row-252]") {
  const auto error_of = [](const SignaturePolicyEnvelope& policy) {
    const auto checked = check_signature_policy(policy);
    REQUIRE_FALSE(checked);
    CHECK_FALSE(evaluate(policy, {"A.peer"}, WordIdentities()));
    CHECK_FALSE(format_signature_policy(policy));
    return checked.error().message;
  };
  CHECK(error_of(SignaturePolicyEnvelope()) == "Empty policy element");
  CHECK(error_of(over_a_and_b(SignaturePolicy())) == "Unknown type: <nil>:<nil>");
  CHECK(error_of(over_a_and_b(n_out_of(1, SignaturePolicy()))) == "Unknown type: <nil>:<nil>");
  CHECK(error_of(over_a_and_b(n_out_of(2, signed_by(-1), signed_by(-2)))) ==
        "identity index out of range, requested -1, but identities length is 2");
  CHECK(error_of(over_a_and_b(n_out_of(1, signed_by(0), signed_by(2)))) ==
        "identity index out of range, requested 2, but identities length is 2");
  auto of_another_version = over_a_and_b(signed_by(0));
  of_another_version.set_version(-1);
  CHECK(error_of(of_another_version) ==
        "This evaluator only understands messages of version 0, but version was -1");
}

TEST_CASE("a policy has bounds in depth and in size", "[ledger][row-252]") {
  SignaturePolicy rule = signed_by(0);
  for (int i = 1; i < kPolicyDepthMax; ++i) rule = n_out_of(1, SignaturePolicy(rule));
  CHECK(satisfies(over_a_and_b(rule), {"A.peer"}));
  const auto too_deep = check_signature_policy(over_a_and_b(n_out_of(1, SignaturePolicy(rule))));
  REQUIRE_FALSE(too_deep);
  CHECK(too_deep.error().code == ErrorCode::kExhausted);

  SignaturePolicy wide = n_out_of(1);
  while (wide.n_out_of().rules_size() + 1 < kPolicyRulesMax) {
    *wide.mutable_n_out_of()->add_rules() = signed_by(0);
  }
  CHECK(satisfies(over_a_and_b(wide), {"A.peer"}));
  *wide.mutable_n_out_of()->add_rules() = signed_by(0);
  CHECK_FALSE(check_signature_policy(over_a_and_b(wide)));

  auto of_many = over_a_and_b(signed_by(0));
  while (of_many.identities_size() <= kPolicyRulesMax) of_many.add_identities();
  CHECK_FALSE(check_signature_policy(of_many));
}

TEST_CASE("an evaluation says what is missing", "[ledger][row-251]") {
  CHECK(missing("AND('A.peer', 'B.peer')", {"A.peer"}) == "'B.peer'");
  CHECK(missing("AND('A.peer', 'B.peer')", {}) == "'A.peer', 'B.peer'");
  CHECK(missing("OR('A.peer', 'B.peer')", {"C.peer"}) == "1 of ('A.peer', 'B.peer')");
  CHECK(missing("OutOf(2, 'A.peer', 'B.admin', 'C.member')", {"B.admin"}) ==
        "1 of ('A.peer', 'C.member')");
  CHECK(missing("AND('A.peer', OR('B.peer', 'C.peer'))", {"A.peer"}) ==
        "1 of ('B.peer', 'C.peer')");
  CHECK(missing("OutOf(3, 'A.peer', 'B.peer')", {"A.peer"}) == "what nobody can satisfy");
  CHECK(missing("AND('A.peer', 'B.peer')", {"A.peer", "B.peer"}).empty());
}

// The same rules written another way: what is left of the signers after a rule, or nothing.
using Left = std::set<std::size_t>;
std::optional<Left> left_after(const SignaturePolicy& rule, const SignaturePolicyEnvelope& policy,
                               const Signers& signers, const Left& left) {
  if (rule.has_signed_by()) {
    for (const std::size_t one : left) {
      if (!WordIdentities().satisfies(signers[one], policy.identities(rule.signed_by()))) continue;
      Left others = left;
      others.erase(one);
      return others;
    }
    return std::nullopt;
  }
  Left now = left;
  int count = 0;
  for (const SignaturePolicy& part : rule.n_out_of().rules()) {
    if (auto after = left_after(part, policy, signers, now)) {
      now = *after;
      ++count;
    }
  }
  if (count < rule.n_out_of().n()) return std::nullopt;
  return now;
}

SignaturePolicy random_rule(std::mt19937& random, int depth, int identities) {
  if (depth == 0 || random() % 3 == 0) {
    return signed_by(static_cast<int>(random() % static_cast<unsigned>(identities)));
  }
  const int parts = static_cast<int>(random() % 5);
  SignaturePolicy gate = n_out_of(static_cast<int>(random() % static_cast<unsigned>(parts + 2)));
  for (int i = 0; i < parts; ++i) {
    *gate.mutable_n_out_of()->add_rules() = random_rule(random, depth - 1, identities);
  }
  return gate;
}

TEST_CASE("a random policy is judged as by a second implementation", "[ledger][row-251]") {
  std::mt19937 random(20'261'130);
  SignaturePolicyEnvelope policy =
      policy_of("OR('A.member', 'A.peer', 'B.member', 'B.peer', 'C.admin')");
  const Signers all{"A.peer", "A.client", "A.peer 2", "B.peer", "B.admin", "C.admin", "C.peer"};
  int satisfied = 0;
  constexpr int kRounds = 20'000;
  for (int round = 0; round < kRounds; ++round) {
    *policy.mutable_rule() = random_rule(random, 4, policy.identities_size());
    Signers signers;
    for (const std::string& one : all) {
      if (random() % 2 == 0) signers.push_back(one);
    }
    std::shuffle(signers.begin(), signers.end(), random);
    Left everyone;
    for (std::size_t i = 0; i < signers.size(); ++i) everyone.insert(i);
    const bool expected = left_after(policy.rule(), policy, signers, everyone).has_value();
    const Evaluation evaluation = evaluation_of(policy, signers);
    INFO("round " << round << ": " << policy.ShortDebugString());
    REQUIRE(evaluation.is_satisfied == expected);
    REQUIRE(evaluation.missing.empty() == expected);
    satisfied += expected ? 1 : 0;
  }
  CHECK(satisfied > kRounds / 4);  // Both answers occur.
  CHECK(satisfied < kRounds * 3 / 4);
}

}  // namespace
}  // namespace ccbus::ledger
