#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "service/base/tx_key_map.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/replies/replies.h"
#include "service/gateway/transactions/endorsement.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// One transaction on its way into a block, and who waits for it.
struct Submission {
  struct Retry {
    ccbus::Invocation invocation;
    std::uint32_t left = 0;
  };

  PendingRequest request;
  ccbus::SubmitRequest::Until until = ccbus::SubmitRequest::COMMITTED;
  std::uint32_t retried = 0;
  std::unique_ptr<Retry> retry = nullptr;  // Null: it is not run again.
  std::shared_ptr<const ledger::ChannelLedger> ledger =
      nullptr;  // What it was simulated on; null: what is there now.
  std::vector<std::string> endorsing_organizations = {};  // Empty: all.
};

// The answer to a submit, complete but for its outcome. The code is set: without one, a reader of
// protobuf would see 0, which is VALID.
[[nodiscard]] ccbus::ClientResponse begin_response(const TxId& tx, std::uint32_t retried);

// Orders transactions, and answers those who wait for them once their blocks come. Bus thread only.
class OrderedSubmissions {
 public:
  // Runs a transaction again that was in conflict.
  using RunAgain = std::function<void(Now, Submission)>;

  // The references outlive it.
  OrderedSubmissions(const Channels& channels, Replies& replies, RunAgain run_again)
      : channels_(channels), replies_(replies), run_again_(std::move(run_again)) {}

  // Orders it. Answered once: with the outcome, or as soon as it is ordered if the request says so.
  // Returns false if the orderer refused it; the client has been told.
  bool order(Submission submission, Endorsement endorsement);

  // Answers the clients that wait for a transaction of this block, or runs it again.
  void on_block(Now now, const ledger::BlockCommitted& block) noexcept;

  // Answers all that wait for a block of this channel: UNAVAILABLE, outcome unknown.
  void on_channel_gone(const ChannelId& channel) noexcept;
  void on_ledger_closed(const ChannelId& channel) noexcept;
  void on_log_halted(const ChannelId& channel) noexcept;
  void shutdown() noexcept;

 private:
  struct Waiting {
    Submission submission;
    ccbus::ClientResponse response;  // Complete but for the outcome.
  };

  void finish(Now now, Waiting waiting, std::uint64_t block,
              const ledger::CommittedTransaction& transaction);
  void give_up_all_of(const ChannelId& channel, const char* why) noexcept;
  void give_up(Waiting waiting, const TxId& tx, const char* why) noexcept;

  const Channels& channels_;
  Replies& replies_;
  const RunAgain run_again_;
  TxKeyMap<Waiting> waiting_;
};

// Why a transaction of a channel that was reset is not ordered.
inline constexpr const char* kChannelGone = "the channel was reset";

}  // namespace ccbus::gateway
