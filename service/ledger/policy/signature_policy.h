#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/common/policies.pb.h"
#include "service/base/result.h"
#include "service/ledger/policy/identities.h"

namespace ccbus::ledger {

// Bounds of a policy that is evaluated; the same in every service, since a block is judged by them.
inline constexpr int kPolicyDepthMax = 32;     // Gates within gates.
inline constexpr int kPolicyRulesMax = 2'000;  // Gates and principals.

// Whether a policy can be evaluated: its version, its indexes, that each rule is set, the bounds.
//
// Errors: kInvalid in Fabric's words; kExhausted beyond the bounds.
// Source: Fabric's common/cauthdsl.
[[nodiscard]] Result<void> check_signature_policy(const common::SignaturePolicyEnvelope& policy);

// Whether signers, whose signatures hold, satisfy a policy. Pure: one answer for one input.
//
// As in Fabric a gate takes its rules in order, a principal takes the first signer that satisfies
// it and that no rule before has taken, and a rule that fails gives back what it had taken. So a
// policy may fail although another distribution of the signers would satisfy it.
//
// `signers` are serialised identities, each of them once (see check_signatures()).
// Errors: those of check_signature_policy(); nobody satisfies such a policy.
// Source: Fabric's common/cauthdsl.
[[nodiscard]] Result<bool> is_satisfied(const common::SignaturePolicyEnvelope& policy,
                                        const std::vector<std::string>& signers,
                                        const Identities& identities);

struct Evaluation {
  bool is_satisfied = false;
  std::string missing;  // If not: what is missing, for people: "'Org2MSP.peer'".
};

// The same, and what is missing. It takes twice the time if the policy is not satisfied.
[[nodiscard]] Result<Evaluation> evaluate(const common::SignaturePolicyEnvelope& policy,
                                          const std::vector<std::string>& signers,
                                          const Identities& identities);

}  // namespace ccbus::ledger
