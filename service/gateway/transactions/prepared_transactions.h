#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

#include "fabric/common/common.pb.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/chaincode/transaction/deadline_queue.h"
#include "service/gateway/transactions/endorsement.h"

namespace ccbus::gateway {

// Between Endorse and Submit: what a client was given to hold, so that just that comes back, and
// the private data that it was not given. Fabric's transient store. Bus thread.
class PreparedTransactions {
 public:
  struct Options {
    std::size_t count_max = 10'000;
    std::size_t bytes_max = 64u << 20;
    std::chrono::milliseconds lifetime{300'000};
  };

  explicit PreparedTransactions(const Options& options) : options_(options) {}

  // Errors: kExhausted, naming the limit.
  [[nodiscard]] Result<void> keep(Now now, Endorsement endorsement);

  // A copy, with the envelope as the client returns it: a signature may have been added. forget()
  // it once it is ordered. Errors: kInvalid, the envelope is none; kNotFound, it was not endorsed
  // here, was submitted
  //         before, or its time is over; kPrecondition, it is not the one that was endorsed.
  [[nodiscard]] Result<Endorsement> find(Now now, const common::Envelope& envelope);
  void forget(const TxKey& key);

  // The channel begins anew: nothing of what was endorsed on it may be ordered any more.
  void forget(const ChannelId& channel);

 private:
  struct Kept {
    Endorsement endorsement;
    std::size_t bytes = 0;
    chaincode::DeadlineQueue<TxKey>::Ticket deadline;
  };

  using Place = std::unordered_map<TxKey, Kept>::iterator;

  void expire(Now now);
  Place drop(Place at);

  const Options options_;
  std::unordered_map<TxKey, Kept> kept_;
  chaincode::DeadlineQueue<TxKey> deadlines_;
  std::size_t bytes_ = 0;
};

}  // namespace ccbus::gateway
