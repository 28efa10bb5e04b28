#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/replies/replies.h"
#include "service/gateway/transactions/endorsement.h"
#include "service/gateway/transactions/endorser.h"
#include "service/gateway/transactions/ordered_submissions.h"
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

  // What has been ordered: its blocks, channels that go, and the end.
  [[nodiscard]] OrderedSubmissions& ordered() { return ordered_; }

 private:
  using Ledger = std::shared_ptr<const ledger::ChannelLedger>;

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

  const Channels& channels_;
  const ServiceIdentities& identities_;
  Endorser& endorser_;
  PreparedTransactions& prepared_;
  Background& signers_;
  Replies& replies_;
  Counters& counters_;
  const std::uint32_t retries_max_;
  OrderedSubmissions ordered_;
};

}  // namespace ccbus::gateway
