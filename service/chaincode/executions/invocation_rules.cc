#include "service/chaincode/executions/invocation_rules.h"

#include <utility>

namespace ccbus::chaincode {
namespace {

// U+0000 U+10FFFF "initialized", as in Fabric.
const std::string kInitializedKey = std::string("\0\xf4\x8f\xbf\xbf", 5) + "initialized";

InvocationVerdict refused(const std::string& why) {
  return {Outcome::kInvalidInvocation, "invalid invocation: " + why};
}

Result<InvocationVerdict> enforce_init(ledger::TxSimulator& simulator,
                                       const ccbus::ChaincodeDefinition& definition,
                                       const std::string& chaincode, bool is_init) {
  auto initialized = simulator.get_state(chaincode, kInitializedKey);
  if (!initialized) return unexpected(initialized.error());
  const bool is_initialized = *initialized && **initialized == definition.version();
  if (is_init && is_initialized) {
    return refused("chaincode '" + chaincode + "' is already initialized but called as init");
  }
  if (!is_init && !is_initialized) {
    return refused("chaincode '" + chaincode +
                   "' has not been initialized for this version, must call as init first");
  }
  if (is_init) {
    auto recorded = simulator.set_state(chaincode, kInitializedKey, definition.version());
    if (!recorded) return unexpected(recorded.error());
  }
  return InvocationVerdict{};
}

}  // namespace

Result<InvocationVerdict> check_invocation(ledger::TxSimulator& simulator, const ChannelId& channel,
                                           const std::string& chaincode, bool is_init,
                                           bool autodefine) {
  auto definition = simulator.definition(chaincode);
  if (!definition) return unexpected(definition.error());
  if (*definition == nullptr) {
    if (autodefine) return InvocationVerdict{};
    return InvocationVerdict{Outcome::kUndefined,
                             "invalid invocation: [channel " + channel.value +
                                 "] failed to get chaincode container info for " + chaincode +
                                 ": chaincode definition for '" + chaincode + "' not found"};
  }
  if ((*definition)->init_required()) {
    return enforce_init(simulator, **definition, chaincode, is_init);
  }
  if (is_init) {
    return refused("chaincode '" + chaincode +
                   "' does not require initialization but called as init");
  }
  return InvocationVerdict{};
}

}  // namespace ccbus::chaincode
