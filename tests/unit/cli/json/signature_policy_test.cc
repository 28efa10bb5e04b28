#include "service/cli/json/signature_policy.h"

#include <catch2/catch.hpp>

namespace ccbus::cli {
namespace {

using Catch::Matchers::Contains;
using Ids = std::set<std::string>;

std::string policy_refusal(const std::string& text) {
  const auto policy = parse_signature_policy(text);
  return policy ? "accepted" : policy.error().message;
}

TEST_CASE("a policy names MSP ids in single or double quotes", "[cli][row-172]") {
  CHECK(parse_signature_policy("OR('Org1MSP.member','Org2MSP.peer')")->msp_ids ==
        Ids{"Org1MSP", "Org2MSP"});
  CHECK(parse_signature_policy("OR(\"DevMSP.member\")")->msp_ids == Ids{"DevMSP"});
  CHECK(parse_signature_policy(" or ( 'a.b-c.admin' , \"X.client\" ) ")->msp_ids ==
        Ids{"X", "a.b-c"});
  CHECK(parse_signature_policy("Or('O.orderer', AND('P.member'))")->msp_ids == Ids{"O", "P"});
}

TEST_CASE("a policy is an OR if one signature is always enough", "[cli][row-172]") {
  const auto is_or = [](const std::string& text) {
    const auto policy = parse_signature_policy(text);
    INFO(text);
    REQUIRE(policy);
    return policy->is_or;
  };
  CHECK(is_or("OR('A.member')"));
  CHECK(is_or("OR('A.member', OR('B.member', 'C.member'))"));
  CHECK(is_or("OutOf(1, 'A.member', 'B.member')"));
  CHECK(is_or("AND('A.member')"));
  CHECK_FALSE(is_or("AND('A.member', 'B.member')"));
  CHECK_FALSE(is_or("OR('A.member', AND('B.member', 'C.member'))"));
  CHECK_FALSE(is_or("OutOf(2, 'A.member', 'B.member', 'C.member')"));
  CHECK_FALSE(is_or("outof('2', 'A.member', 'B.member')"));
}

TEST_CASE("what Fabric's policy language does not have is refused", "[cli][row-172]") {
  CHECK_THAT(policy_refusal("NOT('A.member')"), Contains("unrecognized token 'NOT'"));
  CHECK_THAT(policy_refusal("OR(A)"), Contains("unrecognized token 'A'"));
  CHECK_THAT(policy_refusal("'A.member'"), Contains("not made of AND, OR and OutOf"));
  CHECK_THAT(policy_refusal(""), Contains("not made of AND, OR and OutOf"));
  CHECK_THAT(policy_refusal("OR()"), Contains("not made of AND, OR and OutOf"));
  CHECK_THAT(policy_refusal("OR('A.member'"), Contains("a bracket is missing"));
  CHECK_THAT(policy_refusal("OR('A.member)"), Contains("a quote is missing"));
  CHECK_THAT(policy_refusal("OR('A.member') x"), Contains("nothing may follow"));
  CHECK_THAT(policy_refusal("OR('A.boss')"), Contains("'A.boss' is no principal"));
  CHECK_THAT(policy_refusal("OR('A.Member')"), Contains("'A.Member' is no principal"));
  CHECK_THAT(policy_refusal("OR('.member')"), Contains("'.member' is no principal"));
  CHECK_THAT(policy_refusal("OR('A_B.member')"), Contains("'A_B.member' is no principal"));
  CHECK_THAT(policy_refusal("OutOf(3, 'A.member')"),
             Contains("invalid t-out-of-n predicate, t 3, n 1"));
  CHECK_THAT(policy_refusal("OutOf('A.member')"), Contains("OutOf begins with a whole number"));
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "OR(";
  CHECK_THAT(policy_refusal(deep), Contains("nested too deep"));
}

}  // namespace
}  // namespace ccbus::cli
