#include "service/gateway/events/events.h"

#include <algorithm>
#include <string>
#include <utility>

namespace ccbus::gateway {

namespace {

constexpr std::size_t kStaleTurnsMax = 10'000;  // Before they are looked for.

}  // namespace

template <class Request>
void Events::begin(Now now, PendingRequest pending, const Request& request) {
  const auto channel = channels_.find(ChannelId{request.channel_id()});
  if (channel == channels_.end()) {
    replies_.reply(std::move(pending), channel_not_found(request.channel_id()));
    return;
  }
  auto scan = make_scan(request, channel->second.ledger->height());
  Position at{channel->first, scan->next()};
  look(now, {std::move(at), std::move(pending), wait_until(now, request.wait_ms(), wait_max_),
             std::move(scan)});
  start_scans();
}

// A client that has seen a transaction of a block which is not there has seen another ledger; it
// would wait for a block that is not the one that it means.
void Events::ask(Now now, PendingRequest pending, const ccbus::ChaincodeEventsRequest& request) {
  const ccbus::EventPosition& from = request.from();
  const std::size_t text =
      std::max(from.after_transaction_id().size(), request.chaincode_name().size());
  if (text > kWaitingTextMax) {
    replies_.reply(std::move(pending), too_long("name or transaction ID", text));
    return;
  }
  const auto channel = channels_.find(ChannelId{request.channel_id()});
  if (channel != channels_.end() && !from.after_transaction_id().empty() &&
      from.block_number() >= channel->second.ledger->height()) {
    replies_.reply(
        std::move(pending),
        make_status(ccbus::INVALID_ARGUMENT,
                    "channel " + request.channel_id() + " has no block " +
                        std::to_string(from.block_number()) + " with transaction " +
                        from.after_transaction_id() + " to go on after: it has been reset since"));
    return;
  }
  begin(now, std::move(pending), request);
}

void Events::ask(Now now, PendingRequest pending, const ccbus::BlockEventsRequest& request) {
  begin(now, std::move(pending), request);
}

// Has the blocks that there are scanned, or waits for the next one, or answers since time is up.
void Events::look(Now now, Room::Entry entry) {
  if (replies_.is_closed()) return replies_.reply(std::move(entry.request), shutting_down());
  const auto channel = channels_.find(entry.key.channel);
  if (channel == channels_.end()) {
    auto status = channel_not_found(entry.key.channel.value);
    return replies_.reply(std::move(entry.request), std::move(status));
  }
  if (now.steady >= entry.deadline) return answer(entry);
  // A block is readable before the pipe tells of it: what is not there now will be told of. A turn
  // without a request does no harm, a request without a turn would.
  if (entry.key.next < channel->second.ledger->height()) {
    drop_stale_turns();
    turns_.push(entry.request.client(), entry.key);
  }
  room_.add(std::move(entry));
}

void Events::start_scans() {
  while (scans_ < kScansMax && !turns_.empty()) {
    const PeerId client = turns_.next_owner();
    const Position at = turns_.pop();
    if (!room_.has(at)) continue;
    start_scan(at);
    if (room_.has(at)) turns_.push(client, at);  // Its request may be among those that are left.
  }
}

void Events::start_scan(const Position& at) {
  Entries entries = room_.take(at, kRequestsPerScan);
  const auto channel = channels_.find(at.channel);
  if (channel == channels_.end()) {
    for (Room::Entry& entry : entries) {
      replies_.reply(std::move(entry.request), channel_not_found(at.channel.value));
    }
    return;
  }
  std::vector<ScanGroup::Member> members;
  members.reserve(entries.size());
  for (Room::Entry& entry : entries) members.push_back({std::move(entry.item), {}});
  auto group = std::make_shared<ScanGroup>(channel->second.ledger, std::move(members));
  auto job = make_job(
      std::move(entries), [group] { group->run({}); },
      [this, group](Now now, Entries held) { on_scanned(now, std::move(held), *group); },
      [this](Entries held, const Error& why) { on_scan_dropped(std::move(held), why); });
  ++scans_;
  static_cast<void>(background_.submit(std::move(job), {}));
}

void Events::on_scanned(Now now, Entries entries, ScanGroup& group) {
  --scans_;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Room::Entry& entry = entries[i];
    auto& [scan, failure] = group.members()[i];
    const auto channel = channels_.find(entry.key.channel);
    if (channel == channels_.end() || channel->second.ledger.get() != &group.ledger()) {
      // It has begun anew.
      replies_.reply(std::move(entry.request), channel_not_found(entry.key.channel.value));
    } else if (failure) {
      replies_.reply(std::move(entry.request), make_status(*failure));
    } else {
      entry.item = std::move(scan);
      entry.key.next = entry.item->next();
      if (entry.item->has_any()) {
        answer(entry);
      } else {
        look(now, std::move(entry));
      }
    }
  }
  start_scans();
}

void Events::on_scan_dropped(Entries entries, const Error& why) {
  --scans_;
  for (Room::Entry& entry : entries) replies_.reply(std::move(entry.request), make_status(why));
}

// Requests that end by their deadline, or with their client, leave their turns behind.
void Events::drop_stale_turns() {
  if (turns_.size() < 2 * room_.size() + kStaleTurnsMax) return;
  decltype(turns_) kept;
  room_.each([&](const Room::Entry& entry) {
    const auto channel = channels_.find(entry.key.channel);
    if (channel != channels_.end() && entry.key.next < channel->second.ledger->height()) {
      kept.push(entry.request.client(), entry.key);
    }
  });
  turns_ = std::move(kept);
}

void Events::answer(Room::Entry& entry) {
  ccbus::ClientResponse response;
  entry.item->write(response);
  replies_.reply(std::move(entry.request), response);
}

void Events::on_block(const ChannelId& channel) {
  if (room_.empty()) return;
  const auto at = channels_.find(channel);
  if (at == channels_.end()) return;
  const std::uint64_t height = at->second.ledger->height();
  std::uint64_t& announced = announced_[channel];
  room_.each_between({channel, announced}, {channel, height}, [this](const Room::Entry& entry) {
    turns_.push(entry.request.client(), entry.key);
  });
  announced = height;
  start_scans();
}

void Events::on_timer(Now now) {
  while (auto entry = room_.take_expired(now.steady)) answer(*entry);
}

void Events::on_client_gone(PeerId client) {
  for (Room::Entry& entry : room_.take_of(client)) entry.request.forget();
}

void Events::on_channel_gone(const ChannelId& channel) {
  announced_.erase(channel);
  for (Room::Entry& entry : room_.take_if(
           [&channel](const Room::Entry& waiting) { return waiting.key.channel == channel; })) {
    replies_.reply(std::move(entry.request), channel_not_found(channel.value));
  }
}

void Events::shutdown() {
  for (Room::Entry& entry : room_.take_all()) {
    replies_.reply(std::move(entry.request), shutting_down());
  }
}

}  // namespace ccbus::gateway
