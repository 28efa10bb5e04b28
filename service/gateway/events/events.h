#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/events/block_scan.h"
#include "service/gateway/events/waiting_room.h"
#include "service/gateway/replies/replies.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// Requests for the events after a position in a channel. Workers read them from the blocks on disk,
// so an event can be read, and read again, as long as its block is kept. A request that finds
// nothing waits for the next block. Bus thread only.
class Events {
 public:
  // The references outlive it, and it outlives the jobs that it has submitted.
  Events(const Channels& channels, Background& background, Replies& replies,
         std::chrono::milliseconds wait_max)
      : channels_(channels), background_(background), replies_(replies), wait_max_(wait_max) {}

  // Answered once there is an event, or without one when the wait is over.
  // Statuses: NOT_FOUND no such channel; INVALID_ARGUMENT the position is invalid;
  //           RESOURCE_EXHAUSTED too many jobs wait for a worker.
  void ask(Now now, ReplyAddress address, const ccbus::ChaincodeEventsRequest& request);
  void ask(Now now, ReplyAddress address, const ccbus::BlockEventsRequest& request);

  void on_block(Now now, const ChannelId& channel);
  void on_timer(Now now);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return room_.next_deadline(); }

  void on_client_gone(PeerId client);
  void on_channel_gone(const ChannelId& channel);
  // Answers all requests that wait; once the replies are closed none waits any more:
  // UNAVAILABLE. May be called several times.
  void shutdown();

 private:
  using Room = WaitingRoom<ChannelId, std::unique_ptr<BlockScan>>;

  template <class Request>
  void begin(Now now, ReplyAddress address, const Request& request);
  void look(Now now, Room::Entry entry);
  void on_scanned(Now now, Room::Entry entry, const ledger::ChannelLedger& ledger,
                  Result<void> outcome);
  void answer(Room::Entry& entry);

  const Channels& channels_;
  Background& background_;
  Replies& replies_;
  const std::chrono::milliseconds wait_max_;
  Room room_;
};

}  // namespace ccbus::gateway
