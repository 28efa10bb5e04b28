#include "service/ledger/policy/application_policy.h"

#include <catch2/catch.hpp>

#include "service/ledger/policy/signature_policy_text.h"

namespace ccbus::ledger {
namespace {

using Ids = std::vector<std::string>;

TEST_CASE("an endorsement policy is a text or a path, not both", "[ledger][row-256]") {
  const auto policy = make_application_policy("AND('A.peer','B.peer')", "");
  REQUIRE(policy);
  CHECK(policy->signature_policy().SerializeAsString() ==
        parse_signature_policy("AND('A.peer','B.peer')")->SerializeAsString());
  CHECK(format_application_policy(*policy) == "AND('A.peer', 'B.peer')");
  CHECK(check_application_policy(*policy));
  const auto reference = make_application_policy("", "/Channel/Application/Writers");
  REQUIRE(reference);
  CHECK(format_application_policy(*reference) == "/Channel/Application/Writers");
  CHECK(check_application_policy(*reference));
  const auto none = make_application_policy("", "");
  REQUIRE(none);
  CHECK(none->SerializeAsString().empty());
  CHECK(format_application_policy(*none) == "-");
  CHECK(make_application_policy("OR('A.peer')", "/Channel/Application/Writers").error().message ==
        "cannot specify both \"--signature-policy\" and \"--channel-config-policy\"");
  CHECK(make_application_policy("OR(A)", "").error().message ==
        "invalid signature policy: OR(A): unknown name A (1:4)\n | OR(A)\n | ...^");
}

TEST_CASE("an endorsement policy that cannot be used is refused, and shown", "[ledger]") {
  protos::ApplicationPolicy policy;
  CHECK_FALSE(check_application_policy(policy));
  policy.set_channel_config_policy_reference("Endorsement");
  CHECK_FALSE(check_application_policy(policy));
  policy.mutable_signature_policy()->set_version(1);
  CHECK_FALSE(check_application_policy(policy));
  CHECK(format_application_policy(policy) ==
        "(This evaluator only understands messages of version 0, but version was 1)");
}

TEST_CASE("the members of a collection are those that its policy names", "[ledger][row-172]") {
  CHECK(*members_of("OR('Org2MSP.member','Org1MSP.peer', \"Org2MSP.admin\")") ==
        Ids{"Org1MSP", "Org2MSP"});
  CHECK(*members_of("OutOf(1, 'A.member', OR('B.member'), AND('C.member'))") == Ids{"A", "B", "C"});
  CHECK(*members_of(" or ( 'a.b-c.admin' , \"X.client\" ) ") == Ids{"X", "a.b-c"});
}

TEST_CASE("a policy of members is an OR of principals", "[ledger][row-172]") {
  const auto refusal = [](const std::string& text) {
    const auto members = members_of(text);
    return members ? "allowed" : members.error().message;
  };
  CHECK(refusal("AND('A.member', 'B.member')") ==
        "error in member org policy: signature policy is not an OR concatenation, NOutOf 2");
  CHECK(refusal("OR('A.member', OutOf(0, 'B.member'))") ==
        "error in member org policy: signature policy is not an OR concatenation, NOutOf 0");
  CHECK(refusal("OutOf(2, 'A.member', 'B.member', 'C.member')") ==
        "error in member org policy: signature policy is not an OR concatenation, NOutOf 2");
  CHECK(refusal("'A.member'").starts_with("invalid policy 'A.member': unknown name A"));
  CHECK(refusal("") == "invalid policy : unexpected token EOF");
}

}  // namespace
}  // namespace ccbus::ledger
