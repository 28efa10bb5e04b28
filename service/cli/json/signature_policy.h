#pragma once

#include <set>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::cli {

// What is asked of a signature policy of Fabric's policy language (common/policydsl), as in
// OR('Org1MSP.member', "Org2MSP.peer").
struct SignaturePolicy {
  std::set<std::string> msp_ids;
  bool is_or = true;  // Each of its principals is enough.
};

// Reads AND, OR and OutOf of principals and of each other. A principal is an MSP id and one of the
// roles admin, member, client, peer and orderer, in single or double quotes.
//
// Errors: kInvalid with what is wrong; also for what the language does not have, as NOT, and for a
//         principal without a gate around it.
[[nodiscard]] Result<SignaturePolicy> parse_signature_policy(std::string_view text);

}  // namespace ccbus::cli
