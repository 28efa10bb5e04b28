#include "service/cli/reports/channel_proposal.h"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "ccbus/client/endorsements.h"
#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/cli/json/json_values.h"
#include "service/ledger/policy/channel_config.h"

namespace ccbus::cli {
namespace {

// What the endorsers of a transaction sign.
rwset::TxReadWriteSet results_of(const common::Envelope& transaction) {
  common::Payload payload;
  protos::Transaction inner;
  protos::ChaincodeActionPayload action_payload;
  protos::ProposalResponsePayload response;
  protos::ChaincodeAction action;
  rwset::TxReadWriteSet results;
  const bool is_readable =
      payload.ParseFromString(transaction.payload()) && inner.ParseFromString(payload.data()) &&
      inner.actions_size() == 1 && action_payload.ParseFromString(inner.actions(0).payload()) &&
      response.ParseFromString(action_payload.action().proposal_response_payload()) &&
      action.ParseFromString(response.extension()) && results.ParseFromString(action.results());
  if (!is_readable) throw std::invalid_argument("this is not an endorsed transaction");
  return results;
}

std::vector<std::string> signers_of(const common::Envelope& transaction) {
  std::vector<std::string> signers;
  for (const std::string& endorser : client::endorsers_of(transaction)) {
    msp::SerializedIdentity identity;
    signers.push_back(identity.ParseFromString(endorser) ? identity.mspid() : "?");
  }
  return signers;
}

}  // namespace

ChannelConfig proposed_config(const common::Envelope& transaction) {
  const rwset::TxReadWriteSet results = results_of(transaction);
  kvrwset::KVRWSet set;
  ChannelConfig config;
  const bool is_change =
      results.ns_rwset_size() == 1 &&
      results.ns_rwset(0).namespace_() == ledger::kChannelNamespace &&
      results.ns_rwset(0).collection_hashed_rwset().empty() &&
      set.ParseFromString(results.ns_rwset(0).rwset()) && set.writes_size() == 1 &&
      set.metadata_writes().empty() && set.writes(0).key() == ledger::kChannelConfigKey &&
      !set.writes(0).is_delete() && config.ParseFromString(set.writes(0).value());
  if (!is_change) {
    throw std::invalid_argument("this transaction is not a change of a channel's configuration");
  }
  return config;
}

std::string proposed_channel(const common::Envelope& transaction) {
  common::Payload payload;
  common::ChannelHeader header;
  if (!payload.ParseFromString(transaction.payload()) ||
      !header.ParseFromString(payload.header().channel_header())) {
    throw std::invalid_argument("this is not a transaction");
  }
  return header.channel_id();
}

std::string format_signers(const common::Envelope& transaction) {
  std::string text;
  for (const std::string& msp_id : signers_of(transaction)) {
    text += (text.empty() ? "" : ", ") + msp_id;
  }
  return text.empty() ? "nobody" : text;
}

std::string channel_proposal_json(const common::Envelope& transaction) {
  const ordered_json report = {{"ok", true},
                               {"channel", proposed_channel(transaction)},
                               {"sequence", proposed_config(transaction).sequence()},
                               {"signed_by", signers_of(transaction)}};
  return report.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace ccbus::cli
