#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/chaincode/deadline_queue.h"
#include "service/chaincode/pending_call.h"
#include "service/chaincode/query_iterators.h"
#include "service/clock.h"
#include "service/ids.h"
#include "service/ledger/simulator.h"

namespace ccbus::chaincode {

struct TransactionContext;

// What falls due: the deadline of a transaction, or (null) the keepalive of a handler.
struct Due {
  HandlerId handler;
  TransactionContext* context = nullptr;
};
using Deadlines = DeadlineQueue<Due>;

// One running transaction on one handler. Bus thread only.
struct TransactionContext {
  TransactionContext(TxKey key_, std::string ns_, PendingCall call_)
      : key(std::move(key_)), ns(std::move(ns_)), call(std::move(call_)) {}

  TxKey key;
  std::string ns;  // The ledger namespace: the name invoked, not the one registered.
  std::unique_ptr<ledger::TxSimulator> simulator;
  QueryIterators iterators;  // Declared after the simulator that they read from: closed before it.
  PendingCall call;
  std::optional<Deadlines::Ticket> deadline;  // While it is queued.

  // What it is doing, for whoever asks why it takes so long.
  std::uint64_t requests = 0;
  protos::ChaincodeMessage::Type last_request = protos::ChaincodeMessage::UNDEFINED;
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
