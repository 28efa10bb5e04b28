#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fabric/peer/chaincode_shim.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/base/cancellation.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/chaincode/transaction/deadline_queue.h"
#include "service/chaincode/transaction/open_query.h"
#include "service/chaincode/transaction/pending_call.h"
#include "service/chaincode/transaction/query_iterators.h"
#include "service/chaincode/transaction/shim_metrics.h"
#include "service/chaincode/transaction/slow_answer.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

struct TransactionContext;

// What a deadline is for: a transaction, or the keepalive of the handler if `context` is null.
struct Due {
  HandlerId handler;
  TransactionContext* context = nullptr;
};
using Deadlines = DeadlineQueue<Due>;

// What the creator of a transaction may do with a collection.
struct CollectionAccess {
  bool read = false;
  bool write = false;
};

// A chaincode that runs in a transaction, and its channel.
struct Callee {
  ChannelId channel;
  std::string chaincode_name;
  bool operator==(const Callee&) const = default;
};

// The request of a transaction whose answer comes later, from a worker or a callee.
struct OpenRequest {
  protos::ChaincodeMessage::Type type = protos::ChaincodeMessage::UNDEFINED;
  std::uint64_t serial = 0;  // Distinguishes its answer from a late one to an earlier request.
  SteadyTime received{};
};

// One running transaction on one handler. Bus thread only.
struct TransactionContext {
  TransactionContext(TxKey key_, std::string ns_, PendingCall call_)
      : key(std::move(key_)), ns(std::move(ns_)), call(std::move(call_)) {}

  TxKey key;
  std::string ns;  // The ledger namespace: the name that was invoked, not the one registered.
  bool is_init = false;
  std::string creator_msp_id;
  WorkOwner owner;                  // The client that it is for.
  protos::SignedProposal proposal;  // As the chaincode got it; its callees get the same.
  std::vector<Callee> callers;      // The chain of callers, outermost first.

  // Null while a callee on the same channel uses it.
  std::unique_ptr<ledger::TxSimulator> simulator;
  CancellationSource ended;  // Cancels what workers have not begun for it.
  QueryIterators iterators;  // Read from the simulator; declared after it, so closed before it.
  std::shared_ptr<SlowAnswer> slow_answer;  // While a worker makes it; otherwise null.
  PendingCall call;
  std::optional<SteadyTime> due;              // The deadline; set when it is first accepted.
  std::optional<Deadlines::Ticket> deadline;  // While the deadline is queued.

  std::optional<OpenRequest> open_request;  // At most one, as in Fabric; further ones are dropped.
  std::map<std::string, CollectionAccess> collection_access;  // Of the collections used so far.

  // True once its INIT or TRANSACTION is handled by the state machine. Before that, another member
  // of the pool can take it over.
  bool is_started = false;

  // Set while the next state that begins it may still go to a handler that it has left: forgets
  // where it goes in its place.
  std::shared_ptr<void> successor;

  // For the text of an expired deadline.
  std::uint64_t requests = 0;
  protos::ChaincodeMessage::Type last_request = protos::ChaincodeMessage::UNDEFINED;
  ShimMetrics* metrics = nullptr;  // Set when it is accepted.
};

// The running transactions of one handler, by channel and transaction id. Bus thread only.
class TransactionContexts {
 public:
  // Returns null if that transaction already runs; then neither it nor `context` is changed. If it
  // throws, nothing is changed either.
  TransactionContext* add(std::unique_ptr<TransactionContext>& context);

  // Returns null if there is no such transaction.
  [[nodiscard]] TransactionContext* find(std::string_view channel, std::string_view tx) const;

  // Removes and returns a transaction; null if there is no such transaction.
  std::unique_ptr<TransactionContext> remove(std::string_view channel, std::string_view tx);

  // Calls visit(context) for each.
  template <class Visit>
  void each(Visit&& visit) const {
    for (const auto& [key, context] : contexts_) visit(std::as_const(*context));
  }

  // Returns one for which `matches(context)` is true; null if there is none.
  template <class Matches>
  [[nodiscard]] const TransactionContext* find_if(Matches&& matches) const noexcept {
    for (const auto& [key, context] : contexts_) {
      if (matches(std::as_const(*context))) return context.get();
    }
    return nullptr;
  }

  [[nodiscard]] std::size_t size() const { return contexts_.size(); }

 private:
  using View = std::pair<std::string_view, std::string_view>;

  struct Hash {
    std::size_t operator()(View key) const noexcept;
  };

  // The keys point into their contexts, so that a look-up by the views of a message copies nothing.
  std::unordered_map<View, std::unique_ptr<TransactionContext>, Hash> contexts_;
};

}  // namespace ccbus::chaincode
