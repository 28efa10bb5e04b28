#include "service/bridge/gateway/filtered_block.h"

namespace ccbus::bridge {

protos::FilteredBlock filtered_block(const ccbus::FilteredBlock& block) {
  protos::FilteredBlock filtered;
  filtered.set_channel_id(block.channel_id());
  filtered.set_number(block.block_number());
  for (const auto& of : block.transactions()) {
    protos::FilteredTransaction& transaction = *filtered.add_filtered_transactions();
    transaction.set_txid(of.transaction_id());
    transaction.set_type(of.type());
    transaction.set_tx_validation_code(of.validation_code());
    if (of.type() != common::ENDORSER_TRANSACTION) continue;
    auto& actions = *transaction.mutable_transaction_actions();
    if (!of.has_event()) continue;
    auto& event = *actions.add_chaincode_actions()->mutable_chaincode_event();
    event = of.event();
    event.clear_payload();
  }
  return filtered;
}

}  // namespace ccbus::bridge
