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

// Answers requests for the outcome of a transaction. A request waits if the transaction is not in a
// block yet. Bus thread only.
class CommitStatuses {
 public:
  // The references outlive this object.
  CommitStatuses(const Channels& channels, Replies& replies, std::chrono::milliseconds wait_max)
      : channels_(channels), replies_(replies), wait_max_(wait_max) {}

  // Answers with the outcome, valid or not, now or when the block comes.
  // Statuses: INVALID_ARGUMENT no channel or transaction id; NOT_FOUND no such channel;
  //           DEADLINE_EXCEEDED no block had the transaction in time, but one still may;
  //           UNAVAILABLE the service is stopping; those of an error of the ledger.
  void ask(Now now, PendingRequest pending, const ccbus::CommitStatusRequest& request);

  void on_block(const ledger::BlockCommitted& block) noexcept;
  void on_timer(Now now);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return room_.next_deadline(); }

  // The number of requests that wait.
  [[nodiscard]] std::size_t waiting() const { return room_.size(); }

  void on_client_gone(PeerId client) noexcept;
  void on_channel_gone(const ChannelId& channel) noexcept;
  void shutdown() noexcept;

 private:
  using Room = WaitingRoom<TxKey, std::chrono::milliseconds>;  // With the time that it may wait.

  void answer(PendingRequest pending, const TxId& tx, std::uint64_t block,
              protos::TxValidationCode code);

  const Channels& channels_;
  Replies& replies_;
  const std::chrono::milliseconds wait_max_;
  Room room_;
};

}  // namespace ccbus::gateway
