// Any text gives an error with a text, or a policy that can be evaluated and written. Any bytes as
// an encoded policy are refused, or can be evaluated and written.

#include "service/ledger/policy/signature_policy.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/assert.h"
#include "service/base/parse_message.h"
#include "service/ledger/policy/signature_policy_text.h"
#include "tests/support/word_identities.h"

namespace {

void use(const common::SignaturePolicyEnvelope& policy) {
  const std::vector<std::string> signers{"Org1MSP.peer", "Org2MSP.peer", "A.admin"};
  const auto evaluation = ccbus::ledger::evaluate(policy, signers, ccbus::test::WordIdentities());
  CCBUS_ASSERT(evaluation.has_value());
  CCBUS_ASSERT(evaluation->is_satisfied == evaluation->missing.empty());
  CCBUS_ASSERT(ccbus::ledger::format_signature_policy(policy).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto parsed = ccbus::ledger::parse_signature_policy(input);
  if (parsed) {
    use(*parsed);
  } else {
    CCBUS_ASSERT(!parsed.error().message.empty());
  }
  common::SignaturePolicyEnvelope decoded;
  if (!ccbus::parse(decoded, input)) return 0;
  if (ccbus::ledger::check_signature_policy(decoded)) use(decoded);
  return 0;
}
