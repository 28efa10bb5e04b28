#pragma once

#include <chrono>
#include <optional>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/events/waiting_room.h"
#include "service/gateway/replies/replies.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// Who wants to know what became of a transaction, and waits for it if it is not in a block yet.
// Bus thread only.
class CommitStatuses {
 public:
  // The references outlive it.
  CommitStatuses(const Channels& channels, Replies& replies, std::chrono::milliseconds wait_max)
      : channels_(channels), replies_(replies), wait_max_(wait_max) {}

  // Answered with any outcome, valid or not. DEADLINE_EXCEEDED, naming the limit, where no block
  // had it in time; it may still come.
  void ask(Now now, ReplyAddress address, const ccbus::CommitStatusRequest& request);

  void on_block(const ledger::BlockCommitted& block);
  void on_timer(Now now);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return room_.next_deadline(); }

  // Requests without an answer yet.
  [[nodiscard]] std::size_t waiting() const { return room_.size(); }

  void on_client_gone(PeerId client);
  void on_channel_gone(const ChannelId& channel);
  void shutdown();

 private:
  using Room = WaitingRoom<TxKey, std::chrono::milliseconds>;  // How long it was willing to wait.

  void answer(ReplyAddress address, const TxId& tx, std::uint64_t block,
              protos::TxValidationCode code);

  const Channels& channels_;
  Replies& replies_;
  const std::chrono::milliseconds wait_max_;
  Room room_;
};

}  // namespace ccbus::gateway
