#include "service/gateway/events/events.h"

#include <string>
#include <utility>

namespace ccbus::gateway {

namespace {

// Then other jobs get the worker.
constexpr int kBlocksPerJob = 1'000;

// Shows one scan the blocks that there are. On a worker.
Result<void> scan_blocks(const ledger::ChannelLedger& ledger, BlockScan& scan) {
  const std::uint64_t height = ledger.height();
  for (int i = 0; i < kBlocksPerJob && scan.next() < height && !scan.is_full(); ++i) {
    auto block = ledger.block(scan.next());
    if (!block) return unexpected(block.error());
    if (!*block) {
      return fail(ErrorCode::kCorrupt, "block " + std::to_string(scan.next()) + " is missing");
    }
    if (auto added = scan.add(std::move(**block)); !added) return added;
  }
  return {};
}

}  // namespace

template <class Request>
void Events::begin(Now now, ReplyAddress address, const Request& request) {
  const auto channel = channels_.find(ChannelId{request.channel_id()});
  if (channel == channels_.end()) {
    replies_.reply(address, channel_not_found(request.channel_id()));
    return;
  }
  look(now, {channel->first, address, wait_until(now, request.wait_ms(), wait_max_),
             make_scan(request, channel->second.ledger->height())});
}

// A client that has seen a transaction of a block which is not there has seen another ledger; it
// would wait for a block that is not the one that it means.
void Events::ask(Now now, ReplyAddress address, const ccbus::ChaincodeEventsRequest& request) {
  const auto channel = channels_.find(ChannelId{request.channel_id()});
  const ccbus::EventPosition& from = request.from();
  if (channel != channels_.end() && !from.after_transaction_id().empty() &&
      from.block_number() >= channel->second.ledger->height()) {
    replies_.reply(address, make_status(ccbus::INVALID_ARGUMENT,
                                        "channel " + request.channel_id() + " has no block " +
                                            std::to_string(from.block_number()) +
                                            " with transaction " + from.after_transaction_id() +
                                            " to go on after: it has been reset since"));
    return;
  }
  begin(now, address, request);
}

void Events::ask(Now now, ReplyAddress address, const ccbus::BlockEventsRequest& request) {
  begin(now, address, request);
}

// Has the blocks that there are scanned, or waits for the next one, or answers since time is up.
void Events::look(Now now, Room::Entry entry) {
  if (replies_.is_closed()) return replies_.reply(entry.address, shutting_down());
  const auto channel = channels_.find(entry.key);
  if (channel == channels_.end()) {
    replies_.reply(entry.address, channel_not_found(entry.key.value));
    return;
  }
  const auto& ledger = channel->second.ledger;
  if (now.steady >= entry.deadline) return answer(entry);
  // A block is readable before the pipe tells of it: what is not there now will be told of.
  if (entry.item->next() >= ledger->height()) return room_.add(std::move(entry));
  const ReplyAddress address = entry.address;
  auto scanned = std::make_shared<Room::Entry>(std::move(entry));
  auto job = make_job([ledger, scanned] { return scan_blocks(*ledger, *scanned->item); },
                      [this, ledger, scanned](Now then, Result<void> outcome) {
                        on_scanned(then, std::move(*scanned), *ledger, std::move(outcome));
                      },
                      [this, address] { replies_.reply(address, shutting_down()); });
  if (!background_.submit(std::move(job))) replies_.reply(address, too_many_jobs());
}

void Events::on_scanned(Now now, Room::Entry entry, const ledger::ChannelLedger& ledger,
                        Result<void> outcome) {
  const auto channel = channels_.find(entry.key);
  if (channel == channels_.end() || channel->second.ledger.get() != &ledger) {
    replies_.reply(entry.address, channel_not_found(entry.key.value));  // It has begun anew.
  } else if (!outcome) {
    replies_.reply(entry.address, make_status(outcome.error()));
  } else if (entry.item->has_any()) {
    answer(entry);
  } else {
    look(now, std::move(entry));
  }
}

void Events::answer(Room::Entry& entry) {
  ccbus::ClientResponse response;
  entry.item->write(response);
  replies_.reply(entry.address, response);
}

void Events::on_block(Now now, const ChannelId& channel) {
  if (room_.empty()) return;
  for (Room::Entry& entry : room_.take(channel)) look(now, std::move(entry));
}

void Events::on_timer(Now now) {
  while (auto entry = room_.take_expired(now.steady)) answer(*entry);
}

void Events::on_client_gone(PeerId client) {
  for (std::size_t left = room_.take_of(client).size(); left > 0; --left) replies_.forget();
}

void Events::on_channel_gone(const ChannelId& channel) {
  for (const Room::Entry& entry : room_.take(channel)) {
    replies_.reply(entry.address, channel_not_found(channel.value));
  }
}

void Events::shutdown() {
  for (const Room::Entry& entry : room_.take_all()) {
    replies_.reply(entry.address, shutting_down());
  }
}

}  // namespace ccbus::gateway
