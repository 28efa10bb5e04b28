#include "service/gateway/events/commit_statuses.h"

#include <string>
#include <utility>

namespace ccbus::gateway {

// No block is missed: a block can be read from the ledger before the pipe reports it. If the
// look-up does not find the transaction, its block will be reported after this request has begun to
// wait.
void CommitStatuses::ask(Now now, PendingRequest pending,
                         const ccbus::CommitStatusRequest& request) {
  TxKey key{{request.channel_id()}, {request.transaction_id()}};
  if (key.channel.value.empty()) {
    replies_.reply(std::move(pending),
                   make_status(ccbus::INVALID_ARGUMENT, "no channel ID provided"));
    return;
  }
  if (key.tx.value.empty()) {
    replies_.reply(std::move(pending),
                   make_status(ccbus::INVALID_ARGUMENT, "transaction ID should not be empty"));
    return;
  }
  if (key.tx.value.size() > kWaitingTextMax) {
    replies_.reply(std::move(pending), too_long("transaction ID", key.tx.value.size()));
    return;
  }
  const auto channel = channels_.find(key.channel);
  if (channel == channels_.end()) {
    replies_.reply(std::move(pending), channel_not_found(key.channel.value));
    return;
  }
  auto record = channel->second.ledger->transaction(key.tx);
  if (!record) {
    replies_.reply(std::move(pending), make_status(record.error()));
    return;
  }
  if (*record) {
    answer(std::move(pending), key.tx, (*record)->block_num, (*record)->code);
    return;
  }
  const SteadyTime deadline = wait_until(now, request.wait_ms(), wait_max_);
  const auto patience =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - now.steady);
  room_.add({std::move(key), std::move(pending), deadline, patience});
}

void CommitStatuses::answer(PendingRequest pending, const TxId& tx, std::uint64_t block,
                            protos::TxValidationCode code) {
  ccbus::ClientResponse response;
  ccbus::CommitStatusResponse& status = *response.mutable_commit_status();
  status.set_transaction_id(tx.value);
  status.set_validation_code(code);
  status.set_block_number(block);
  response.set_height(block + 1);
  replies_.reply(std::move(pending), response);
}

// Without memory it is not known who waits for this block: then nobody on the channel waits on.
void CommitStatuses::on_block(const ledger::BlockCommitted& block) noexcept {
  if (room_.empty()) return;
  try {
    for (const ledger::CommittedTransaction& transaction : block.transactions) {
      for (Room::Entry& entry : room_.take({block.channel, transaction.tx_id})) {
        answer(std::move(entry.request), transaction.tx_id, block.number, transaction.code);
      }
    }
  } catch (const std::exception&) {
    room_.remove_if(
        [&block](const Room::Entry& waiting) { return waiting.key.channel == block.channel; },
        [](Room::Entry&) {});
  }
}

void CommitStatuses::on_timer(Now now) {
  while (auto entry = room_.take_expired(now.steady)) {
    replies_.reply(std::move(entry->request),
                   make_status(ccbus::DEADLINE_EXCEEDED,
                               "no block of channel " + entry->key.channel.value +
                                   " had transaction " + entry->key.tx.value + " within " +
                                   std::to_string(entry->item.count()) + " ms"));
  }
}

void CommitStatuses::on_client_gone(PeerId client) noexcept {
  room_.forget_client(client);
}

void CommitStatuses::on_channel_gone(const ChannelId& channel) noexcept {
  room_.remove_if([&channel](const Room::Entry& waiting) { return waiting.key.channel == channel; },
                  [&](Room::Entry& entry) {
                    replies_.reply(std::move(entry.request), channel_begins_anew(channel.value));
                  });
}

void CommitStatuses::shutdown() noexcept {
  room_.remove_if(
      [](const Room::Entry&) { return true; },
      [this](Room::Entry& entry) { replies_.reply(std::move(entry.request), shutting_down()); });
}

}  // namespace ccbus::gateway
