#include "service/gateway/events/commit_statuses.h"

#include <string>
#include <utility>

namespace ccbus::gateway {

// No block is missed: a block can be read from the ledger before the pipe reports it. If the
// look-up does not find the transaction, its block will be reported after this request has begun to
// wait.
void CommitStatuses::ask(Now now, ReplyAddress address, const ccbus::CommitStatusRequest& request) {
  TxKey key{{request.channel_id()}, {request.transaction_id()}};
  if (key.channel.value.empty()) {
    replies_.reply(address, make_status(ccbus::INVALID_ARGUMENT, "no channel ID provided"));
    return;
  }
  if (key.tx.value.empty()) {
    replies_.reply(address,
                   make_status(ccbus::INVALID_ARGUMENT, "transaction ID should not be empty"));
    return;
  }
  const auto channel = channels_.find(key.channel);
  if (channel == channels_.end()) {
    replies_.reply(address, channel_not_found(key.channel.value));
    return;
  }
  auto record = channel->second.ledger->transaction(key.tx);
  if (!record) {
    replies_.reply(address, make_status(record.error()));
    return;
  }
  if (*record) {
    answer(address, key.tx, (*record)->block_num, (*record)->code);
    return;
  }
  const SteadyTime deadline = wait_until(now, request.wait_ms(), wait_max_);
  const auto patience =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - now.steady);
  room_.add({std::move(key), address, deadline, patience});
}

void CommitStatuses::answer(ReplyAddress address, const TxId& tx, std::uint64_t block,
                            protos::TxValidationCode code) {
  ccbus::ClientResponse response;
  ccbus::CommitStatusResponse& status = *response.mutable_commit_status();
  status.set_transaction_id(tx.value);
  status.set_validation_code(code);
  status.set_block_number(block);
  replies_.reply(address, response);
}

void CommitStatuses::on_block(const ledger::BlockCommitted& block) {
  if (room_.empty()) return;
  for (const ledger::CommittedTransaction& transaction : block.transactions) {
    for (const Room::Entry& entry : room_.take({block.channel, transaction.tx_id})) {
      answer(entry.address, transaction.tx_id, block.number, transaction.code);
    }
  }
}

void CommitStatuses::on_timer(Now now) {
  while (const auto entry = room_.take_expired(now.steady)) {
    replies_.reply(entry->address,
                   make_status(ccbus::DEADLINE_EXCEEDED,
                               "no block of channel " + entry->key.channel.value +
                                   " had transaction " + entry->key.tx.value + " within " +
                                   std::to_string(entry->item.count()) + " ms"));
  }
}

void CommitStatuses::on_client_gone(PeerId client) {
  for (std::size_t left = room_.take_of(client).size(); left > 0; --left) replies_.forget();
}

void CommitStatuses::on_channel_gone(const ChannelId& channel) {
  for (const Room::Entry& entry : room_.take_if(
           [&channel](const Room::Entry& waiting) { return waiting.key.channel == channel; })) {
    replies_.reply(entry.address, channel_not_found(channel.value));
  }
}

void CommitStatuses::shutdown() {
  for (const Room::Entry& entry : room_.take_all()) {
    replies_.reply(entry.address, shutting_down());
  }
}

}  // namespace ccbus::gateway
