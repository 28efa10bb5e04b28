#include "service/ledger/policy/signature_policy_text.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "service/base/hex.h"
#include "service/ledger/policy/signature_policy.h"
#include "tests/support/checkout.h"
#include "tests/support/word_identities.h"

namespace ccbus::ledger {
namespace {

using test::n_out_of;
using test::signed_by;
using test::WordIdentities;

std::string parsed_bytes(const std::string& text) {
  const auto policy = parse_signature_policy(text);
  INFO(text);
  REQUIRE(policy);
  return policy->SerializeAsString();
}

std::string error_of(const std::string& text) {
  const auto policy = parse_signature_policy(text);
  INFO(text);
  REQUIRE_FALSE(policy);
  return policy.error().message;
}

// What Fabric's parser made of each text: an encoded policy in hexadecimal digits, or an error.
TEST_CASE("texts give the bytes and the errors that they give in Fabric", "[ledger][row-250]") {
  std::ifstream file(test::source_path("tests/unit/ledger/policy/policy_texts.jsonl"));
  int policies = 0;
  int errors = 0;
  for (std::string line; std::getline(file, line);) {
    const auto row = nlohmann::json::parse(line);
    const auto text = row[0].get<std::string>();
    INFO(line);
    const auto policy = parse_signature_policy(text);
    if (row[1].is_object()) {
      REQUIRE(policy);
      CHECK(to_hex(policy->SerializeAsString()) == row[1]["policy"].get<std::string>());
      ++policies;
    } else {
      REQUIRE_FALSE(policy);
      CHECK(policy.error().message == row[1].get<std::string>());
      ++errors;
    }
  }
  CHECK(policies > 50);
  CHECK(errors > 90);
}

TEST_CASE("principals of an inner gate stand before those of the gate around it",
          "[ledger][row-250]") {
  const auto policy = parse_signature_policy("OR('A.member', AND('B.member', 'C.member'))");
  REQUIRE(policy);
  REQUIRE(policy->identities_size() == 3);
  CHECK(describe(policy->identities(0)) == "'B.member'");
  CHECK(describe(policy->identities(1)) == "'C.member'");
  CHECK(describe(policy->identities(2)) == "'A.member'");
  const auto expected = n_out_of(1, signed_by(2), n_out_of(2, signed_by(0), signed_by(1)));
  CHECK(policy->rule().SerializeAsString() == expected.SerializeAsString());
}

TEST_CASE("and and or are gates in small letters as well", "[ledger][row-250]") {
  CHECK(parsed_bytes("and('A.peer', or('B.peer', 'C.peer'))") ==
        parsed_bytes("AND('A.peer', OR('B.peer', 'C.peer'))"));
}

TEST_CASE("what else the library below Fabric's parser evaluates is refused", "[ledger][row-250]") {
  CHECK(
      error_of("OR('A' + '.member')").starts_with("the operator + is not part of a policy (1:8)"));
  CHECK(error_of("OR('A.peer'); OR('B.peer')").starts_with("unexpected token Operator(\";\")"));
  CHECK(error_of("OR('A.peer') || OR('B.peer')").starts_with("the operator || is not part"));
  CHECK(error_of("OR(['A.peer'])").starts_with("unexpected token Bracket(\"[\")"));
  CHECK(error_of("OR('A.peer' and 'B.peer')").starts_with("the operator and is not part"));
  CHECK(error_of("OR(upper('a.peer'))").starts_with("unknown name upper"));
  CHECK(error_of("OutOf(0x1, 'A.peer')").starts_with("bad number syntax"));
}

std::string nested(int levels) {
  std::string text = "'A.peer'";
  for (int i = 0; i < levels; ++i) text = "OR(" + text + ")";
  return text;
}

TEST_CASE("a text has bounds in depth and in size", "[ledger][row-250]") {
  CHECK(parse_signature_policy(nested(31)));
  CHECK(error_of(nested(32)).starts_with("nested deeper than 32"));
  CHECK(error_of(std::string(60'000, '(')).starts_with("nested deeper than 32"));
  CHECK(error_of(std::string(60'000, '-')).starts_with("nested deeper than 32"));
  CHECK(error_of(std::string(kPolicyTextBytesMax + 1, ' ')) ==
        "a policy of 65537 bytes: the limit is 65536");
  std::string wide = "OR('A.peer'";
  for (int i = 0; i < kPolicyRulesMax; ++i) wide += ",'A.peer'";
  CHECK(error_of(wide + ")").starts_with("a policy of more than 2000 principals"));
}

TEST_CASE("a policy is written as a text from which the same policy is made", "[ledger]") {
  for (const std::string text :
       {"OR('Org1MSP.peer')", "AND('Org1MSP.peer', 'Org2MSP.peer')",
        "OutOf(2, 'A.member', 'B.admin', 'C.client')", "OutOf(0, 'A.peer')", "OutOf(2, 'A.peer')",
        "OR(AND('A.peer', 'B.orderer'), OutOf(2, 'C.peer', 'D.peer', 'E.peer'))"}) {
    const auto policy = parse_signature_policy(text);
    REQUIRE(policy);
    const auto written = format_signature_policy(*policy);
    REQUIRE(written);
    CHECK(*written == text);
  }
}

TEST_CASE("a policy that the language cannot express is shown all the same", "[ledger]") {
  common::SignaturePolicyEnvelope policy;
  *policy.mutable_rule() = n_out_of(0);
  CHECK(format_signature_policy(policy).value_or("") == "OutOf(0)");
  *policy.mutable_rule() = signed_by(0);
  auto& principal = *policy.add_identities();
  principal.set_principal_classification(common::MSPPrincipal::ORGANIZATION_UNIT);
  common::OrganizationUnit unit;
  unit.set_msp_identifier("Org1MSP");
  unit.set_organizational_unit_identifier("sales");
  principal.set_principal(unit.SerializeAsString());
  CHECK(format_signature_policy(policy).value_or("") == "the unit sales of Org1MSP");
  principal.set_principal("\xff");
  CHECK(format_signature_policy(policy).value_or("") == "an unknown principal");
  principal.set_principal_classification(common::MSPPrincipal::IDENTITY);
  CHECK(format_signature_policy(policy).value_or("") == "one identity");
}

TEST_CASE("any bytes give a policy or an error, and a policy can be evaluated", "[ledger]") {
  std::mt19937 random(16);
  const std::vector<std::string> words{"OR(",   "AND(", "OutOf(", "'A.peer'", "\"B.admin\"", ",",
                                       ")",     "1",    "2",      " ",        "'",           "\\",
                                       "outof", "ID",   ".",      "\xff",     "`",           "//"};
  int policies = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string text = round % 2 == 0 ? "" : "OR('A.peer', ";
    for (unsigned i = random() % 8; i > 0; --i) text += words[random() % words.size()];
    if (round % 2 != 0) text += ")";
    const auto policy = parse_signature_policy(text);
    if (!policy) continue;
    INFO(text);
    REQUIRE(evaluate(*policy, {"A.peer"}, WordIdentities()));
    REQUIRE(format_signature_policy(*policy));
    ++policies;
  }
  CHECK(policies > 1'000);
}

}  // namespace
}  // namespace ccbus::ledger
