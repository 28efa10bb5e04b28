#include "service/ledger/block/block_contents.h"

#include <cstddef>
#include <utility>

#include "service/base/parse_message.h"
#include "service/ledger/block/block.h"
#include "service/ledger/block/endorser_transaction.h"

namespace ccbus::ledger {
namespace {

// An event that lacks one of its names is ignored: chaincode that sets no event may send an empty
// one.
std::optional<protos::ChaincodeEvent> event_of(const TransactionFrame& frame) {
  if (frame.code != protos::VALID) return std::nullopt;
  const auto action = read_chaincode_action(frame);
  protos::ChaincodeEvent event;
  if (!action || action->events().empty() || !parse(event, action->events())) {
    return std::nullopt;
  }
  if (event.chaincode_id().empty() || event.event_name().empty() || event.tx_id().empty()) {
    return std::nullopt;
  }
  return event;
}

}  // namespace

std::vector<BlockTransaction> block_contents(const common::Block& block) {
  std::vector<BlockTransaction> transactions;
  transactions.reserve(static_cast<std::size_t>(block.data().data_size()));
  for (int i = 0; i < block.data().data_size(); ++i) {
    TransactionFrame frame = read_frame_of_any_channel(block.data().data(i));
    BlockTransaction& transaction = transactions.emplace_back();
    transaction.event = event_of(frame);
    transaction.code = validation_code(block, static_cast<std::size_t>(i));
    transaction.tx_id = std::move(frame.tx_id);
    transaction.type = frame.kind.type;
    transaction.chaincode_name = std::move(frame.kind.chaincode_name);
    transaction.timestamp = std::move(frame.timestamp);
  }
  return transactions;
}

}  // namespace ccbus::ledger
