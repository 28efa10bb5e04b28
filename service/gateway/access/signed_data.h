#pragma once

#include <string>
#include <string_view>

#include "service/base/clock.h"
#include "service/base/result.h"
#include "service/ledger/policy/channel_trust.h"

namespace ccbus::gateway {

// Bytes that a client has signed. They outlive this.
struct SignedData {
  std::string_view bytes;
  const std::string& identity;  // An encoded msp.SerializedIdentity.
  std::string_view signature;
};

// Whether they are signed by a valid member of an organisation of the channel, whose certificate
// has not expired.
//
// Thread: any. It costs a check of a signature, and of certificates if the signer is not known.
[[nodiscard]] bool is_signed_by_member(const SignedData& data, const ledger::ChannelTrust& trust,
                                       WallTime now);

// Whether the signer satisfies the policy at a path, such as ledger::kReadersPolicyPath. Who is no
// member, or has not signed the bytes, is nobody for the policy. A signature that holds is
// remembered: the same bytes are asked about again for every batch of events.
//
// Returns what tells the signer apart: Identities::identifier_of().
//
// Thread: any. Errors: kDenied in Fabric's words.
// Source: CheckPolicyBySignedData of Fabric's core/policy/policy.go.
[[nodiscard]] Result<std::string> check_policy(const SignedData& data,
                                               const ledger::ChannelTrust& trust, WallTime now,
                                               const std::string& channel,
                                               std::string_view policy_path);

}  // namespace ccbus::gateway
