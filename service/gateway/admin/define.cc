#include "service/gateway/admin/define.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <string>
#include <utility>

#include "service/gateway/admin/definition_rules.h"
#include "service/gateway/admin/definition_upgrade.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/state/definition.h"

namespace ccbus::gateway {
namespace {

using google::protobuf::util::MessageDifferencer;

Endorsed refused(ccbus::StatusCode code, std::string message) {
  Endorsed endorsed;
  endorsed.status = make_status(code, std::move(message));
  return endorsed;
}

// The organisations and policies that the definition names, against those of the channel, if it has
// a configuration. That is read in the transaction: a configuration that changes meanwhile
// conflicts.
Result<void> check_on_channel(ledger::TxSimulator& simulator,
                              const ccbus::ChaincodeDefinition& definition) {
  auto stored = simulator.get_state(ledger::kChannelNamespace, ledger::kChannelConfigKey);
  if (!stored) return unexpected(stored.error());
  if (!*stored) return {};
  const auto config = ledger::decode_channel_config(**stored);
  if (!config) return unexpected(config.error());
  return check_channel_has(*config, definition);
}

// Writes the definition to the channel, with its next sequence. Returns false, and writes nothing,
// if the channel already has this definition. Errors: those of check_upgrade(), of
// check_channel_has() and of the ledger.
Result<bool> put_definition(ledger::TxSimulator& simulator,
                            ccbus::ChaincodeDefinition& definition) {
  auto present = simulator.get_state(ledger::kLifecycleNamespace, definition.name());
  if (!present) return unexpected(present.error());
  ccbus::ChaincodeDefinition before;
  if (*present && !before.ParseFromString(**present)) {
    return fail(ErrorCode::kCorrupt, "the definition of " + definition.name() + " is unreadable");
  }
  definition.set_sequence(before.sequence());
  if (*present && MessageDifferencer::Equals(before, definition)) return false;
  if (auto checked = check_upgrade(before, definition); !checked)
    return unexpected(checked.error());
  if (auto checked = check_on_channel(simulator, definition); !checked) {
    return unexpected(checked.error());
  }
  definition.set_sequence(before.sequence() + 1);
  auto put = simulator.set_state(ledger::kLifecycleNamespace, definition.name(),
                                 definition.SerializeAsString());
  if (!put) return unexpected(put.error());
  return true;
}

std::string note_on_members(const ccbus::ChaincodeDefinition& definition,
                            const std::vector<std::string>& played) {
  if (definition.collections().empty()) return {};
  std::string names;
  for (const std::string& msp_id : played) {
    for (const ccbus::CollectionConfig& collection : definition.collections()) {
      const auto& members = collection.member_orgs();
      if (std::find(members.begin(), members.end(), msp_id) != members.end()) return {};
    }
    names += (names.empty() ? "" : ", ") + msp_id;
  }
  return "no collection has " + names +
         " as a member, the MSP id of this service (peer.localMspId)";
}

}  // namespace

Endorsed define_chaincode(Now now, const ccbus::DefineRequest& request,
                          chaincode::Simulators& simulators, const ProposalBuilder& proposals,
                          ServiceIdentities::Identity creator,
                          const std::vector<std::string>& played) {
  ccbus::ChaincodeDefinition definition = request.definition();
  if (auto checked = complete_definition(definition); !checked) {
    return refused(ccbus::INVALID_ARGUMENT, checked.error().message);
  }
  ccbus::Invocation invocation;
  invocation.set_channel_id(request.channel_id());
  invocation.set_chaincode_name(std::string(ledger::kLifecycleNamespace));
  invocation.add_args("CommitChaincodeDefinition");
  invocation.add_args(definition.name());
  Proposal proposal =
      proposals.build(invocation, now.wall, std::move(creator));  // No chaincode sees it: unsigned.

  Endorsed endorsed;
  endorsed.result.simulator = simulators.simulate(proposal.key.channel, proposal.key.tx);
  if (endorsed.result.simulator == nullptr) {
    return refused(ccbus::NOT_FOUND, channel_not_found(request.channel_id()).message());
  }
  const auto changed = put_definition(*endorsed.result.simulator, definition);
  if (!changed) {
    const bool is_refused = changed.error().code == ErrorCode::kPrecondition;
    return refused(is_refused ? ccbus::FAILED_PRECONDITION : ccbus::INTERNAL,
                   changed.error().message);
  }
  endorsed.proposal = std::move(proposal);
  endorsed.result.outcome = chaincode::Outcome::kCompleted;
  endorsed.result.response.set_status(200);
  endorsed.result.response.set_message(*changed ? note_on_members(definition, played)
                                                : std::string(kUnchanged));
  return endorsed;
}

}  // namespace ccbus::gateway
