#pragma once

#include <cstddef>
#include <functional>
#include <unordered_map>

#include "ccbus/client.pb.h"
#include "service/gateway/client_outbox.h"
#include "service/gateway/endorser.h"
#include "service/ids.h"
#include "service/ledger/channel_ledger.h"

namespace ccbus::gateway {

// From an endorsed transaction to its block. Bus thread only.
class Submits {
 public:
  using Reply = std::function<void(ReplyAddress, ccbus::ClientResponse&)>;

  // `reply` is called exactly once for each order().
  Submits(const Channels& channels, Reply reply);

  // Orders what was simulated, and answers once its block is on disk. A chaincode's own error is
  // not ordered and told whole: UNKNOWN, with the response as the chaincode sent it.
  void order(ReplyAddress address, Endorsed endorsed);

  // Answers whoever waits for a transaction of this block: OK, or ABORTED with the validation code
  // and, for a conflict, the key and both versions.
  void on_block(const ledger::BlockCommitted& block);

  // Answers all that wait: UNAVAILABLE, outcome unknown.
  void shutdown();

 private:
  struct Waiting {
    ReplyAddress address;
    ccbus::ClientResponse response;  // Complete but for the outcome.
  };

  const Channels& channels_;
  const Reply reply_;
  std::unordered_map<TxKey, Waiting> waiting_;
};

}  // namespace ccbus::gateway
