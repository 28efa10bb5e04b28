#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/shared_room.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/events/waiting_room.h"
#include "service/gateway/replies/replies.h"

namespace ccbus::gateway {

// Requests whose channel has not as many blocks yet as they ask for with min_height. They are
// handed on once it has, a bounded number in one turn. Bus thread only.
class HeightWaits {
 public:
  // Goes on with a request whose channel is high enough.
  using Ready = std::function<void(Now, PendingRequest, const ccbus::ClientRequest&)>;

  // The references outlive this object. A request waits at most `wait_max`; the requests of all
  // clients have at most the bytes and the number of `limits`.
  HeightWaits(const Channels& channels, Replies& replies, std::chrono::milliseconds wait_max,
              const SharedRoom::Limits& limits, Ready ready)
      : channels_(channels),
        replies_(replies),
        wait_max_(wait_max),
        bytes_(limits),
        ready_(std::move(ready)) {}

  // Keeps a copy of the request until the channel is as high as it asks for.
  // Statuses: DEADLINE_EXCEEDED it was not in time: with the height; RESOURCE_EXHAUSTED too many
  //           bytes wait; UNAVAILABLE the channel begins anew, or the service is stopping.
  void add(Now now, PendingRequest pending, const ChannelId& channel,
           const ccbus::ClientRequest& request);

  void on_block(Now now, const ChannelId& channel) noexcept;
  void on_timer(Now now);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  void on_client_gone(PeerId client) noexcept { room_.forget_client(client); }
  void on_channel_gone(const ChannelId& channel) noexcept;
  // Answers all that wait: UNAVAILABLE.
  void shutdown() noexcept;

  // How many are handed on in one turn.
  static constexpr std::size_t kPerTurn = 256;

 private:
  struct Key {
    ChannelId channel;
    std::uint64_t min_height = 0;
    auto operator<=>(const Key&) const = default;
  };
  // A copy of the request, and its share of the bytes.
  struct Kept {
    std::shared_ptr<const ccbus::ClientRequest> request;
    std::shared_ptr<void> bytes;
  };
  using Room = WaitingRoom<Key, Kept>;

  [[nodiscard]] std::uint64_t height_of(const ChannelId& channel) const;
  void hand_on(Now now, const ChannelId& channel, std::size_t& left);

  const Channels& channels_;
  Replies& replies_;
  const std::chrono::milliseconds wait_max_;
  SharedRoom bytes_;
  const Ready ready_;
  Room room_;
  std::set<ChannelId> due_;  // Some of their requests were left for the next turn.
};

}  // namespace ccbus::gateway
