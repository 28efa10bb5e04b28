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
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/transaction/deadline_queue.h"
#include "service/chaincode/transaction/pending_call.h"
#include "service/chaincode/transaction/query_iterators.h"
#include "service/chaincode/transaction/shim_metrics.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

struct TransactionContext;

// What falls due: the deadline of a transaction, or (null) the keepalive of a handler.
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

// A chaincode that runs in a transaction, and where.
struct Callee {
  ChannelId channel;
  std::string chaincode_name;
  bool operator==(const Callee&) const = default;
};

// A rich query whose results a worker is reading ahead.
struct PendingQuery {
  std::shared_ptr<QueryTask> task;
  std::unique_ptr<QueryResults> results;   // Of a query that is being opened; null: of `iterator`.
  std::optional<std::uint32_t> page_size;  // Of a paginated one; 0: no cap.
  std::string iterator;                    // The query that goes on.
};

// The one request of a transaction whose answer is still to come.
struct OpenRequest {
  protos::ChaincodeMessage::Type type = protos::ChaincodeMessage::UNDEFINED;
  std::uint64_t serial = 0;  // Of the work it waits for, so that an older one is not taken for it.
  SteadyTime received{};
};

// One running transaction on one handler. Bus thread only.
struct TransactionContext {
  TransactionContext(TxKey key_, std::string ns_, PendingCall call_)
      : key(std::move(key_)), ns(std::move(ns_)), call(std::move(call_)) {}

  TxKey key;
  std::string ns;  // The ledger namespace: the name invoked, not the one registered.
  bool is_init = false;
  std::string creator_msp_id;
  protos::SignedProposal proposal;  // As the chaincode got it; a callee gets the same.
  std::vector<Callee> callers;      // Who called whom until here, the outermost first.

  // Null while a callee on the same channel uses it.
  std::unique_ptr<ledger::TxSimulator> simulator;
  QueryIterators iterators;  // Declared after the simulator that they read from: closed before it.
  std::unique_ptr<PendingQuery> pending_query;
  PendingCall call;
  std::optional<Deadlines::Ticket> deadline;  // While it is queued.

  std::optional<OpenRequest> open_request;  // At most one, Fabric's rule; another one is dropped.
  std::map<std::string, CollectionAccess> collection_access;  // As far as it was asked for.

  // What it is doing, for whoever asks why it takes so long.
  std::uint64_t requests = 0;
  protos::ChaincodeMessage::Type last_request = protos::ChaincodeMessage::UNDEFINED;
  ShimMetrics* metrics = nullptr;  // Set when it starts.
};

// The running transactions of one handler, by channel and transaction id. Bus thread only.
class TransactionContexts {
 public:
  // Null if that transaction runs already; the one that runs is not touched, nor is `context`.
  TransactionContext* add(std::unique_ptr<TransactionContext>& context);

  [[nodiscard]] TransactionContext* find(std::string_view channel, std::string_view tx) const;

  // Takes one out, or gives null.
  std::unique_ptr<TransactionContext> remove(std::string_view channel, std::string_view tx);

  // Takes any one out, or gives null when none is left.
  std::unique_ptr<TransactionContext> remove_any();

  [[nodiscard]] std::size_t size() const { return contexts_.size(); }

 private:
  using View = std::pair<std::string_view, std::string_view>;

  struct Hash {
    std::size_t operator()(View key) const noexcept;
  };

  // The keys point into the contexts that they lead to: looking up by the views of an incoming
  // message copies nothing.
  std::unordered_map<View, std::unique_ptr<TransactionContext>, Hash> contexts_;
};

}  // namespace ccbus::chaincode
