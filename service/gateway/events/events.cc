#include "service/gateway/events/events.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

namespace ccbus::gateway {

namespace {

constexpr std::size_t kStaleTurnsMax = 10'000;  // Before they are looked for.
constexpr std::chrono::milliseconds kUntilRetry{10};

}  // namespace

template <class Request, class... More>
void Events::begin(Now now, PendingRequest pending, const Request& request, const More&... more) {
  const auto channel = channels_.find(ChannelId{request.channel_id()});
  if (channel == channels_.end()) {
    replies_.reply(std::move(pending), channel_not_found(request.channel_id()));
    return;
  }
  auto scan = make_scan(request, channel->second.ledger->height(), more...);
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

void Events::ask(Now now, PendingRequest pending, const ccbus::BlockEventsRequest& request,
                 const std::string& signer) {
  using Request = ccbus::BlockEventsRequest;
  if (signer.empty() && request.content() == Request::WITH_PRIVATE_DATA) {
    return replies_.reply(std::move(pending),
                          make_status(ccbus::INVALID_ARGUMENT,
                                      "private data are given to the signer of a request: "
                                      "WITH_PRIVATE_DATA needs a signed_request"));
  }
  if (request.filtered() && request.content() == Request::WITH_PRIVATE_DATA) {
    return replies_.reply(std::move(pending),
                          make_status(ccbus::INVALID_ARGUMENT,
                                      "a block is asked for filtered or WITH_PRIVATE_DATA: not "
                                      "both"));
  }
  begin(now, std::move(pending), request, signer);
}

// Has the blocks that there are scanned, or waits for the next one, or answers since time is up.
void Events::look(Now now, Room::Entry entry) {
  seen_ = now.steady;
  if (replies_.is_closed()) return replies_.reply(std::move(entry.request), shutting_down());
  const auto channel = channels_.find(entry.key.channel);
  if (channel == channels_.end()) {
    auto status = channel_begins_anew(entry.key.channel.value);
    return replies_.reply(std::move(entry.request), std::move(status));
  }
  if (now.steady >= entry.deadline || entry.item->is_done()) return answer(entry);
  // A block is readable before the pipe tells of it: what is not there now will be told of. A turn
  // without a request does no harm, a request without a turn would.
  if (entry.key.next < channel->second.ledger->height()) {
    // Requests that end by their deadline, or with their client, leave their turns behind.
    if (turns_.size() > 2 * room_.size() + kStaleTurnsMax) give_turns_anew();
    turns_.push(entry.request.client(), entry.key);
  }
  room_.add(std::move(entry));
}

void Events::start_scans() noexcept {
  try {
    while (scans_ < kScansMax && !turns_.empty()) {
      const PeerId client = turns_.next_owner();
      const Position at = turns_.pop();
      if (!room_.has(at)) continue;
      start_scan(at);
      if (room_.has(at)) turns_.push(client, at);  // Its request may be among those that are left.
    }
  } catch (const std::exception&) {
    retry_later();
  }
}

// The requests are taken when nothing is left that may throw.
void Events::start_scan(const Position& at) {
  const auto channel = channels_.find(at.channel);
  if (channel == channels_.end()) return;  // Its requests were answered when it went.
  auto scan = std::make_shared<Scan>(channel->second.ledger);
  const std::size_t count = std::min(room_.count(at), kRequestsPerScan);
  scan->entries.reserve(count);
  scan->group.reserve(count);
  auto job = make_job(
      scan, [scan] { scan->group.run({}); },
      [this](Now now, const std::shared_ptr<Scan>& held) { on_scanned(now, *held); },
      [this](const std::shared_ptr<Scan>& held, const Error& why) { on_scan_dropped(*held, why); });
  room_.take_into(at, count, scan->entries);
  for (Room::Entry& entry : scan->entries) scan->group.add(std::move(entry.item));
  ++scans_;
  static_cast<void>(background_.submit(std::move(job), {}));
}

void Events::on_scanned(Now now, Scan& scan) noexcept {
  --scans_;
  for (std::size_t i = 0; i < scan.entries.size(); ++i) {
    Room::Entry entry = std::move(scan.entries[i]);
    auto& [collected, failure] = scan.group.members()[i];
    entry.item = std::move(collected);
    entry.key.next = entry.item->next();
    try {
      go_on(now, std::move(entry), scan.group.ledger(), std::move(failure));
    } catch (const std::exception&) {  // Its request was answered by its destructor.
    }
  }
  start_scans();
}

void Events::go_on(Now now, Room::Entry entry, const ledger::ChannelLedger& scanned,
                   std::optional<Error> failure) {
  if (entry.request.is_over()) return entry.request.forget();
  const auto channel = channels_.find(entry.key.channel);
  if (channel == channels_.end() || channel->second.ledger.get() != &scanned) {
    // It has begun anew.
    replies_.reply(std::move(entry.request), channel_begins_anew(entry.key.channel.value));
  } else if (failure) {
    replies_.reply(std::move(entry.request), make_status(*failure));
  } else if (entry.item->has_any()) {
    answer(entry);
  } else {
    look(now, std::move(entry));
  }
}

void Events::on_scan_dropped(Scan& scan, const Error& why) noexcept {
  --scans_;
  for (Room::Entry& waiting : scan.entries) {
    Room::Entry entry = std::move(waiting);
    try {
      replies_.reply(std::move(entry.request), make_status(why));
    } catch (const std::exception&) {  // It was answered by its destructor.
    }
  }
}

void Events::give_turns_anew() {
  decltype(turns_) turns;
  room_.each([&](const Room::Entry& entry) {
    const auto channel = channels_.find(entry.key.channel);
    if (channel != channels_.end() && entry.key.next < channel->second.ledger->height()) {
      turns.push(entry.request.client(), entry.key);
    }
  });
  turns_ = std::move(turns);
}

void Events::retry_later() noexcept {
  retry_at_ = seen_ + kUntilRetry;
}

void Events::answer(Room::Entry& entry) {
  ccbus::ClientResponse response;
  // What it has read; a position may be above the height.
  const std::uint64_t next = entry.item->next();
  const auto channel = channels_.find(entry.key.channel);
  if (channel != channels_.end()) {
    response.set_height(std::min(next, channel->second.ledger->height()));
  }
  entry.item->write(response);
  replies_.reply(std::move(entry.request), response);
}

void Events::on_block(const ChannelId& channel) noexcept {
  if (room_.empty()) return;
  const auto at = channels_.find(channel);
  if (at == channels_.end()) return;
  const std::uint64_t height = at->second.ledger->height();
  try {
    std::uint64_t& announced = announced_[channel];
    room_.each_between({channel, announced}, {channel, height}, [this](const Room::Entry& entry) {
      turns_.push(entry.request.client(), entry.key);
    });
    announced = height;
  } catch (const std::exception&) {
    retry_later();
  }
  start_scans();
}

void Events::on_timer(Now now) {
  seen_ = now.steady;
  while (auto entry = room_.take_expired(now.steady)) answer(*entry);
  if (!retry_at_ || *retry_at_ > now.steady) return;
  retry_at_ = now.steady + kUntilRetry;
  give_turns_anew();
  retry_at_.reset();
  start_scans();
}

void Events::on_client_gone(PeerId client) noexcept {
  room_.forget_client(client);
}

void Events::on_channel_gone(const ChannelId& channel) noexcept {
  announced_.erase(channel);
  room_.remove_if([&channel](const Room::Entry& waiting) { return waiting.key.channel == channel; },
                  [&](Room::Entry& entry) {
                    replies_.reply(std::move(entry.request), channel_begins_anew(channel.value));
                  });
}

void Events::shutdown() noexcept {
  room_.remove_if(
      [](const Room::Entry&) { return true; },
      [this](Room::Entry& entry) { replies_.reply(std::move(entry.request), shutting_down()); });
}

}  // namespace ccbus::gateway
