#include "service/gateway/events/height_waits.h"

#include <exception>
#include <string>
#include <utility>

namespace ccbus::gateway {

std::uint64_t HeightWaits::height_of(const ChannelId& channel) const {
  const auto at = channels_.find(channel);
  return at == channels_.end() ? 0 : at->second.ledger->height();
}

// No block is missed: a block can be read from the ledger before the pipe reports it.
void HeightWaits::add(Now now, PendingRequest pending, const ChannelId& channel,
                      const ccbus::ClientRequest& request) {
  const PeerId client = pending.client();
  const std::size_t bytes = request.ByteSizeLong();
  if (auto room = bytes_.check(client, bytes); !room) {
    return replies_.reply(std::move(pending), make_status(room.error()));
  }
  bytes_.take(client, bytes);
  Kept kept;
  kept.bytes = std::shared_ptr<void>(
      nullptr, [this, client, bytes](std::nullptr_t) { bytes_.give_back(client, bytes); });
  kept.request = std::make_shared<const ccbus::ClientRequest>(request);
  room_.add({{channel, request.min_height()},
             std::move(pending),
             wait_until(now, request.timeout_ms(), wait_max_),
             std::move(kept)});
}

void HeightWaits::hand_on(Now now, const ChannelId& channel, std::size_t& left) {
  const Key first{channel, 0};
  const Key end{channel, height_of(channel) + 1};
  for (; left > 0; --left) {
    auto entry = room_.take_between(first, end);
    if (!entry) return;
    try {
      ready_(now, std::move(entry->request), *entry->item.request);
    } catch (const std::exception&) {  // Its request was answered by its destructor.
    }
  }
  if (room_.has_between(first, end)) due_.insert(channel);
}

void HeightWaits::on_block(Now now, const ChannelId& channel) noexcept {
  if (room_.empty()) return;
  try {
    std::size_t left = kPerTurn;
    hand_on(now, channel, left);
  } catch (const std::exception&) {  // What is left is handed on with the next block.
  }
}

void HeightWaits::on_timer(Now now) {
  std::size_t left = kPerTurn;
  while (!due_.empty() && left > 0) {
    const auto channel = std::move(due_.extract(due_.begin()).value());
    hand_on(now, channel, left);
  }
  while (auto entry = room_.take_expired(now.steady)) {
    const Key& key = entry->key;
    const std::uint64_t height = height_of(key.channel);
    ccbus::ClientResponse response;
    *response.mutable_status() =
        make_status(ccbus::DEADLINE_EXCEEDED,
                    "channel '" + key.channel.value + "' has height " + std::to_string(height) +
                        ", below the requested min_height " + std::to_string(key.min_height));
    response.set_height(height);
    replies_.reply(std::move(entry->request), response);
  }
}

std::optional<SteadyTime> HeightWaits::next_deadline() const {
  if (!due_.empty()) return SteadyTime();  // At once.
  return room_.next_deadline();
}

void HeightWaits::on_channel_gone(const ChannelId& channel) noexcept {
  room_.remove_if([&channel](const Room::Entry& waiting) { return waiting.key.channel == channel; },
                  [&](Room::Entry& entry) {
                    replies_.reply(std::move(entry.request), channel_begins_anew(channel.value));
                  });
}

void HeightWaits::shutdown() noexcept {
  room_.remove_if(
      [](const Room::Entry&) { return true; },
      [this](Room::Entry& entry) { replies_.reply(std::move(entry.request), shutting_down()); });
}

}  // namespace ccbus::gateway
