#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fabric/common/policies.pb.h"
#include "fabric/peer/policy.pb.h"
#include "service/base/result.h"

namespace ccbus::ledger {

// The endorsement policy that two options or two fields of a file give: the text of a signature
// policy, or the path of a policy of the channel. Neither: a policy without a type.
//
// Errors: kInvalid if both are given, or if the text is no policy.
// Source: Fabric's internal/peer/chaincode/common.go.
[[nodiscard]] Result<protos::ApplicationPolicy> make_application_policy(
    std::string_view signature_policy, std::string_view channel_config_policy);

// Whether a policy that a definition names can be evaluated; whether the channel has a policy at
// its path is not looked at.
//
// Errors: kInvalid, kExhausted.
[[nodiscard]] Result<void> check_application_policy(const protos::ApplicationPolicy& policy);

// The policy as its text or its path; "-" without a type. For people; any policy gives a text.
[[nodiscard]] std::string format_application_policy(const protos::ApplicationPolicy& policy);

// The MSP ids that a policy of the members of a collection names, in byte order, each of them once.
//
// Errors: kInvalid in Fabric's words if the text is no policy, or no OR of principals.
// Source: Fabric's core/chaincode/lifecycle/scc.go.
[[nodiscard]] Result<std::vector<std::string>> members_of(std::string_view member_orgs_policy);

}  // namespace ccbus::ledger
