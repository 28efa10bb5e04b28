#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "service/base/result.h"

namespace ccbus::ledger {

inline constexpr std::size_t kPolicyTextBytesMax = 64 * 1024;

// Reads a policy of Fabric's policy language: AND, OR and OutOf(n, ...) around each other and
// around principals. A principal is an MSP id and one of the roles admin, member, client, peer and
// orderer, in quotes: "OutOf(1, 'Org1MSP.peer', AND('Org2MSP.admin', 'Org3MSP.member'))". Its
// encoding is byte for byte Fabric's: a principal that occurs twice is there twice, and those of an
// inner gate stand before those of the gate around it.
//
// Errors: kInvalid in Fabric's words, with the place.
// Source: Fabric's common/policydsl. What stands in quotes and is no principal is evaluated again,
//         as there. `and` and `or` are gates as well, as they were up to Fabric 2.5. Refused here,
//         although the library below Fabric's parser evaluates it: operators, as in
//         'Org1MSP' + '.peer'; and more than 64 KiB or 32 levels.
[[nodiscard]] Result<common::SignaturePolicyEnvelope> parse_signature_policy(std::string_view text);

// The policy as such a text, from which parse_signature_policy() makes the same policy if its
// principals are roles, and stand as it would put them. Other principals are shown in Fabric's
// terms.
//
// Errors: those of check_signature_policy().
[[nodiscard]] Result<std::string> format_signature_policy(
    const common::SignaturePolicyEnvelope& policy);

// 'Org1MSP.peer', for people; any bytes give a text.
[[nodiscard]] std::string describe(const common::MSPPrincipal& principal);

}  // namespace ccbus::ledger
