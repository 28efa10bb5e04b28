#include "service/gateway/access/signed_data.h"

#include <vector>

namespace ccbus::gateway {

bool is_signed_by_member(const SignedData& data, const ledger::ChannelTrust& trust, WallTime now) {
  const auto signer = trust.msps().deserialize(data.identity);
  return signer && (*signer)->validity().has_value() && (*signer)->expires_at() > now &&
         (*signer)->verify(data.bytes, data.signature).has_value();
}

Result<void> check_policy(const SignedData& data, const ledger::ChannelTrust& trust, WallTime now,
                          const std::string& channel, std::string_view policy_path) {
  std::vector<std::string> signers;
  if (is_signed_by_member(data, trust, now)) signers.push_back(data.identity);
  const auto decision = trust.policies().evaluate_at(policy_path, signers, trust.identities());
  if (decision.is_satisfied) return {};
  return fail(ErrorCode::kDenied,
              "Failed evaluating policy on signed data during check policy on channel [" + channel +
                  "] with policy [" + std::string(policy_path) + "]: [" + decision.reason + "]");
}

}  // namespace ccbus::gateway
