#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/base/fair_queue.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/events/block_scan.h"
#include "service/gateway/events/scan_group.h"
#include "service/gateway/events/waiting_room.h"
#include "service/gateway/replies/replies.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// Requests for the events after a position in a channel. Workers read them from the blocks on disk,
// so an event can be read, and read again, as long as its block is kept. A request that finds
// nothing waits for the next block. Requests at the same position share one scan, at most
// kScansMax scans are under way, and the clients whose requests have blocks to read take turns.
// Bus thread only.
class Events {
 public:
  // The references outlive it, and it outlives the jobs that it has submitted.
  Events(const Channels& channels, Background& background, Replies& replies,
         std::chrono::milliseconds wait_max)
      : channels_(channels), background_(background), replies_(replies), wait_max_(wait_max) {}

  // Answered once there is an event, or without one when the wait is over.
  // Statuses: NOT_FOUND no such channel; INVALID_ARGUMENT the position is invalid;
  //           PERMISSION_DENIED the signer has lost the right meanwhile.
  void ask(Now now, PendingRequest pending, const ccbus::ChaincodeEventsRequest& request);

  // `signer` is who has signed the request, an encoded msp.SerializedIdentity, whose signature was
  // checked before; empty: nobody has.
  void ask(Now now, PendingRequest pending, const ccbus::BlockEventsRequest& request,
           const std::string& signer);

  void on_block(const ChannelId& channel) noexcept;
  void on_timer(Now now);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const {
    return earlier(room_.next_deadline(), retry_at_);
  }

  void on_client_gone(PeerId client) noexcept;
  void on_channel_gone(const ChannelId& channel) noexcept;
  // Answers all requests that wait; once the replies are closed none waits any more:
  // UNAVAILABLE. May be called several times.
  void shutdown() noexcept;

  // The turns that wait, with those whose requests are over.
  [[nodiscard]] std::size_t turns() const { return turns_.size(); }

  static constexpr std::size_t kScansMax = 4;
  static constexpr std::size_t kRequestsPerScan = 512;

 private:
  // The block that a request reads next.
  struct Position {
    ChannelId channel;
    std::uint64_t next = 0;
    auto operator<=>(const Position&) const = default;
  };
  using Room = WaitingRoom<Position, std::unique_ptr<BlockScan>>;
  // A scan that is under way, and its requests. The worker uses the group only.
  struct Scan {
    explicit Scan(std::shared_ptr<const ledger::ChannelLedger> ledger) : group(std::move(ledger)) {}
    ScanGroup group;
    std::vector<Room::Entry> entries;
  };

  // `more` is what make_scan() needs besides.
  template <class Request, class... More>
  void begin(Now now, PendingRequest pending, const Request& request, const More&... more);
  void look(Now now, Room::Entry entry);
  void start_scans() noexcept;
  void start_scan(const Position& at);
  void on_scanned(Now now, Scan& scan) noexcept;
  void go_on(Now now, Room::Entry entry, const ledger::ChannelLedger& scanned,
             std::optional<Error> failure);
  void on_scan_dropped(Scan& scan, const Error& why) noexcept;
  void answer(Room::Entry& entry);
  void give_turns_anew();
  // An exception has lost turns: on_timer() gives all of them anew.
  void retry_later() noexcept;

  // The requests of one client that workers have.
  struct Scanned {
    std::size_t requests = 0;
    bool has_left = false;
  };

  const Channels& channels_;
  Background& background_;
  Replies& replies_;
  const std::chrono::milliseconds wait_max_;
  Room room_;  // All requests that are not in a scan.
  // Whose turn it is to have a scan. Each request in the room that has a block to read has a turn;
  // a turn whose request is gone is skipped.
  FairQueue<PeerId, Position> turns_;
  std::map<ChannelId, std::uint64_t> announced_;  // Requests below this height have a turn.
  std::size_t scans_ = 0;                         // Under way.
  SteadyTime seen_;                               // The time of the last event.
  std::optional<SteadyTime> retry_at_;
};

}  // namespace ccbus::gateway
