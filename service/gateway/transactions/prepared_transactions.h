#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

#include "fabric/common/common.pb.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/base/shared_room.h"
#include "service/chaincode/transaction/deadline_queue.h"
#include "service/gateway/transactions/endorsement.h"

namespace ccbus::gateway {

// The transactions between Endorse and Submit. It keeps what was endorsed, so that a client can
// submit nothing else, and the private data, which the client does not get. Like Fabric's transient
// store. Clients share the room. Bus thread.
class PreparedTransactions {
 public:
  struct Options {
    std::size_t count_max = 10'000;
    std::size_t bytes_max = 64u << 20;
    std::chrono::milliseconds lifetime{300'000};
  };

  explicit PreparedTransactions(const Options& options)
      : options_(options),
        room_({options.count_max, options.bytes_max, "limits.preparedTransactions",
               "limits.preparedBytes", "are endorsed and wait for Submit"}) {}

  // Keeps a transaction for `lifetime`. Any client may submit it.
  // Errors: kExhausted if a limit or the client's share is reached; kExists  it is kept already.
  [[nodiscard]] Result<void> keep(Now now, PeerId client, Endorsement endorsement);

  // Returns a copy of the transaction, with the envelope as the client sends it, which may have a
  // signature now. Call forget() once it is ordered.
  // Errors: kInvalid       the envelope has no payload with a channel header.
  //         kNotFound      it was not endorsed here, was forgotten, or is older than `lifetime`.
  //         kPrecondition  its payload is not the one that was endorsed.
  [[nodiscard]] Result<Endorsement> find(Now now, const common::Envelope& envelope);

  // Drops a transaction. Does nothing if there is no such transaction.
  void forget(const TxKey& key);

  // Drops all transactions of a channel that is reset, so that none of them can be ordered.
  void forget(const ChannelId& channel);

 private:
  struct Kept {
    PeerId client;
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
  SharedRoom room_;
};

}  // namespace ccbus::gateway
