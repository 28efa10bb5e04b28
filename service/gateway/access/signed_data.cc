#include "service/gateway/access/signed_data.h"

#include <vector>

namespace ccbus::gateway {

namespace {

// Null if it is no valid member of an organisation of the channel, or has expired.
security::IdentityPointer member(const std::string& identity, const ledger::ChannelTrust& trust,
                                 WallTime now) {
  const auto found = trust.msps().deserialize(identity);
  const bool counts = found && (*found)->validity().has_value() && (*found)->expires_at() > now;
  return counts ? *found : nullptr;
}

}  // namespace

bool is_signed_by_member(const SignedData& data, const ledger::ChannelTrust& trust, WallTime now) {
  const auto signer = member(data.identity, trust, now);
  return signer != nullptr && signer->verify(data.bytes, data.signature).has_value();
}

Result<std::string> check_policy(const SignedData& data, const ledger::ChannelTrust& trust,
                                 WallTime now, const std::string& channel,
                                 std::string_view policy_path) {
  std::vector<std::string> signers;
  const auto signer = member(data.identity, trust, now);
  if (signer != nullptr && trust.msps().verify(*signer, data.bytes, data.signature)) {
    signers.push_back(data.identity);
  }
  const auto decision = trust.policies().evaluate_at(policy_path, signers, trust.identities());
  if (decision.is_satisfied && signer != nullptr) return signer->msp_id() + "/" + signer->id();
  return fail(ErrorCode::kDenied,
              "Failed evaluating policy on signed data during check policy on channel [" + channel +
                  "] with policy [" + std::string(policy_path) + "]: [" + decision.reason + "]");
}

}  // namespace ccbus::gateway
