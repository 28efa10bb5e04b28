#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/base/tx_key_map.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/replies/replies.h"
#include "service/gateway/transactions/endorsement.h"
#include "service/gateway/transactions/endorser.h"
#include "service/gateway/transactions/prepared_transactions.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/metrics/metrics.h"

namespace ccbus::gateway {

// Takes an invocation, or a transaction that was endorsed before, into a block. Bus thread only.
//
// If the chaincode returns an error nothing is ordered, and the client gets it as ABORTED, with the
// response as the chaincode sent it. A transaction that is invalid in its block is ABORTED, with
// the validation code and, for a conflict, the key and both versions.
class Submits {
 public:
  // All of them outlive it.
  struct Parts {
    const Channels& channels;
    const ServiceIdentities& identities;
    Endorser& endorser;
    PreparedTransactions& prepared;
    Background& signers;
    Replies& replies;
    Counters& counters;
  };

  // An invocation is run again at most `retries_max` times.
  Submits(const Parts& with, std::uint32_t retries_max);

  // Answered once: with the outcome, or as soon as it is ordered if the request says so.
  void submit(Now now, PendingRequest pending, const ccbus::SubmitRequest& request);

  // Hands the simulated transaction to the client, which may order it by a later submit().
  void endorse(Now now, PendingRequest pending, const ccbus::EndorseRequest& request);

  // Orders what has been simulated, and answers with the outcome.
  void order(PendingRequest pending, Endorsed endorsed);

  // Answers the clients that wait for a transaction of this block, or runs it again.
  void on_block(Now now, const ledger::BlockCommitted& block) noexcept;

  // Answers all that wait for a block of this channel: UNAVAILABLE, outcome unknown.
  void on_channel_gone(const ChannelId& channel) noexcept;
  void on_ledger_closed(const ChannelId& channel) noexcept;
  void shutdown() noexcept;

 private:
  using Ledger = std::shared_ptr<const ledger::ChannelLedger>;

  struct Retry {
    ccbus::Invocation invocation;
    std::uint32_t left = 0;
  };

  // One transaction on its way into a block, and who waits for it.
  struct Submission {
    PendingRequest request;
    ccbus::SubmitRequest::Until until = ccbus::SubmitRequest::COMMITTED;
    std::uint32_t retried = 0;
    std::unique_ptr<Retry> retry;  // Null: it is not run again.
    Ledger ledger;                 // What it was simulated on; null: what is there now.
    std::vector<std::string> endorsing_organizations;  // Empty: all.
  };

  struct Waiting {
    Submission submission;
    ccbus::ClientResponse response;  // Complete but for the outcome.
  };

  // Null if there is no such channel.
  [[nodiscard]] Ledger ledger_of(const ChannelId& channel) const;
  void refuse(PendingRequest pending, ccbus::Status status);
  void submit_prepared(Now now, PendingRequest pending, const ccbus::SubmitRequest& request);
  // Orders a transaction that a client has signed, once a worker has found the signature good: the
  // rest is the policies' when its block is validated. Without `kept` it needs some endorsement.
  void submit_signed(PendingRequest pending, const ccbus::SubmitRequest& request,
                     Result<Endorsement> kept);
  void run(Now now, Submission submission, const ccbus::Invocation& invocation);
  // Orders it unless its simulation has failed; then the client is told.
  void order_or_refuse(Submission submission, Endorsed endorsed);
  // Adds endorsements and the creator's signature if the channel has a configuration, on another
  // thread; `then(held, endorsement)` goes on, or `refuse(held, status)`.
  template <class Held, class Then, class Refuse>
  void sealed(Held held, Endorsed endorsed, const std::vector<std::string>& organizations,
              Then then, Refuse refuse);
  void answer_endorse(PendingRequest pending, ccbus::ClientResponse response,
                      Endorsement endorsement, Now now);
  // False if the orderer refused it; the client has been told.
  bool broadcast(Submission submission, Endorsement endorsement);
  void finish(Now now, Waiting waiting, std::uint64_t block,
              const ledger::CommittedTransaction& transaction);
  void give_up_all_of(const ChannelId& channel, const char* why) noexcept;
  void give_up(Waiting waiting, const TxId& tx, const char* why) noexcept;

  const Channels& channels_;
  const ServiceIdentities& identities_;
  Endorser& endorser_;
  PreparedTransactions& prepared_;
  Background& signers_;
  Replies& replies_;
  Counters& counters_;
  const std::uint32_t retries_max_;
  TxKeyMap<Waiting> waiting_;
};

}  // namespace ccbus::gateway
