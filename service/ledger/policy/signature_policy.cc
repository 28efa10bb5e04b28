#include "service/ledger/policy/signature_policy.h"

#include <cstdint>
#include <utility>

#include "service/ledger/policy/signature_policy_text.h"

namespace ccbus::ledger {
namespace {

using common::SignaturePolicy;
using common::SignaturePolicyEnvelope;

constexpr std::size_t kMissingBytesMax = 1'000;

Result<void> check_rule(const SignaturePolicy& rule, const SignaturePolicyEnvelope& policy,
                        int depth, int& rules) {
  if (depth > kPolicyDepthMax || ++rules > kPolicyRulesMax) {
    return fail(ErrorCode::kExhausted, "a policy of more than " + std::to_string(kPolicyDepthMax) +
                                           " levels or " + std::to_string(kPolicyRulesMax) +
                                           " rules");
  }
  if (rule.has_signed_by()) {
    if (rule.signed_by() >= 0 && rule.signed_by() < policy.identities_size()) return {};
    return fail(ErrorCode::kInvalid,
                "identity index out of range, requested " + std::to_string(rule.signed_by()) +
                    ", but identities length is " + std::to_string(policy.identities_size()));
  }
  if (!rule.has_n_out_of()) return fail(ErrorCode::kInvalid, "Unknown type: <nil>:<nil>");
  for (const SignaturePolicy& part : rule.n_out_of().rules()) {
    if (auto checked = check_rule(part, policy, depth + 1, rules); !checked) return checked;
  }
  return {};
}

// Asks of each signer and principal once.
class Satisfied {
 public:
  Satisfied(const SignaturePolicyEnvelope& policy, const std::vector<std::string>& signers,
            const Identities& identities)
      : policy_(policy),
        signers_(signers),
        identities_(identities),
        answers_(signers.size() * static_cast<std::size_t>(policy.identities_size())) {}

  bool operator()(std::size_t signer, int principal) {
    Answer& answer = answers_[static_cast<std::size_t>(principal) * signers_.size() + signer];
    if (answer == Answer::kUnknown) {
      const bool is = identities_.satisfies(signers_[signer], policy_.identities(principal));
      answer = is ? Answer::kYes : Answer::kNo;
    }
    return answer == Answer::kYes;
  }

 private:
  enum class Answer : std::uint8_t { kUnknown, kYes, kNo };

  const SignaturePolicyEnvelope& policy_;
  const std::vector<std::string>& signers_;
  const Identities& identities_;
  std::vector<Answer> answers_;
};

using Used = std::vector<bool>;  // By signer.

// "'A.peer', 'B.peer'", or "2 of ('A.peer', 'B.peer', 'C.peer')" if not all are needed.
std::string missing_of(int needed, const std::vector<std::string>& unsatisfied) {
  if (static_cast<std::size_t>(needed) > unsatisfied.size()) return "what nobody can satisfy";
  std::string all;
  for (const std::string& one : unsatisfied) {
    if (all.size() > kMissingBytesMax) return all + ", ...";
    all += (all.empty() ? "" : ", ") + one;
  }
  if (static_cast<std::size_t>(needed) == unsatisfied.size()) return all;
  return std::to_string(needed) + " of (" + all + ")";
}

// Takes signers in the order of the rules. If `missing` is not null and the rule is not satisfied,
// it becomes what is missing.
bool evaluate_rule(const SignaturePolicy& rule, const SignaturePolicyEnvelope& policy,
                   Satisfied& satisfies, Used& used, std::string* missing) {
  if (rule.has_signed_by()) {
    for (std::size_t signer = 0; signer < used.size(); ++signer) {
      if (used[signer] || !satisfies(signer, rule.signed_by())) continue;
      used[signer] = true;
      return true;
    }
    if (missing != nullptr) *missing = describe(policy.identities(rule.signed_by()));
    return false;
  }
  const SignaturePolicy::NOutOf& gate = rule.n_out_of();
  int verified = 0;
  std::vector<std::string> unsatisfied;
  std::string missing_of_part;
  std::string* const wanted = missing == nullptr ? nullptr : &missing_of_part;
  Used tried;
  for (const SignaturePolicy& part : gate.rules()) {
    tried = used;
    if (evaluate_rule(part, policy, satisfies, tried, wanted)) {
      ++verified;
      used.swap(tried);
    } else if (missing != nullptr) {
      unsatisfied.push_back(std::move(missing_of_part));
    }
  }
  if (verified >= gate.n()) return true;
  if (missing != nullptr) *missing = missing_of(gate.n() - verified, unsatisfied);
  return false;
}

}  // namespace

Result<void> check_signature_policy(const SignaturePolicyEnvelope& policy) {
  if (policy.version() != 0) {
    return fail(ErrorCode::kInvalid,
                "This evaluator only understands messages of version 0, but version was " +
                    std::to_string(policy.version()));
  }
  if (!policy.has_rule()) return fail(ErrorCode::kInvalid, "Empty policy element");
  if (policy.identities_size() > kPolicyRulesMax) {
    return fail(ErrorCode::kExhausted,
                "a policy of more than " + std::to_string(kPolicyRulesMax) + " principals");
  }
  int rules = 0;
  return check_rule(policy.rule(), policy, 1, rules);
}

Result<bool> is_satisfied(const SignaturePolicyEnvelope& policy,
                          const std::vector<std::string>& signers, const Identities& identities) {
  if (auto checked = check_signature_policy(policy); !checked) return unexpected(checked.error());
  Satisfied satisfies(policy, signers, identities);
  Used used(signers.size());
  return evaluate_rule(policy.rule(), policy, satisfies, used, nullptr);
}

Result<Evaluation> evaluate(const SignaturePolicyEnvelope& policy,
                            const std::vector<std::string>& signers, const Identities& identities) {
  const auto satisfied = is_satisfied(policy, signers, identities);
  if (!satisfied) return unexpected(satisfied.error());
  Evaluation evaluation;
  evaluation.is_satisfied = *satisfied;
  if (*satisfied) return evaluation;
  Satisfied satisfies(policy, signers, identities);
  Used used(signers.size());
  evaluate_rule(policy.rule(), policy, satisfies, used, &evaluation.missing);
  return evaluation;
}

}  // namespace ccbus::ledger
