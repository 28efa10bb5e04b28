#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/chaincode/message/message_view.h"
#include "service/chaincode/message/next_state.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/stream/request_server.h"
#include "service/chaincode/stream/transactions.h"
#include "service/chaincode/stream/transitions.h"
#include "service/chaincode/transaction/transaction_context.h"

namespace ccbus::chaincode {

// One connected chaincode process: the peer's side of one stream. It decides by the table of
// transitions.h what each event means, and carries out what the table names.
//
// Thread:   bus thread only.
// Blocks:   never.
// Lifetime: the environment outlives it. Once state() is kEnd it does nothing more; its owner may
//           destroy it as soon as no call into it is under way.
//
// Source: Fabric's handler.go; the loop's branches of v1.1, the rest at HEAD.
class Handler {
 public:
  // Created by the first message of a connection, a REGISTER.
  Handler(HandlerId id, PeerId peer, Environment& environment, SteadyTime now);
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;

  // A message came from the chaincode. Null: the empty frame.
  void receive(Now now, const MessageView* message);

  // A next state, from the pipe or from the bus thread. It is handled first and then sent, when it
  // says so.
  void next_state(Now now, const NextState& next);

  // Gives this handler, which is ready, a transaction. Its INIT or TRANSACTION follows as a next
  // state. The context's call ends exactly once whatever happens.
  // False if it was refused, and its call has ended.
  bool accept(Now now, std::unique_ptr<TransactionContext> context);

  // Ends a callee's transaction whose caller has ended: nobody waits any more. The chaincode is not
  // told; its later requests belong to no transaction. Returns the simulator; null if there is no
  // such transaction of the chaincode `ns`.
  std::unique_ptr<ledger::TxSimulator> abandon(const TxKey& key, const std::string& ns);

  // The deadline of one of this handler's transactions has passed.
  void expire(Now now, TransactionContext& context);

  // Time for a KEEPALIVE. A failed send ends the stream.
  void keep_alive(Now now);

  // Something that no message says: kEof, kShutdown, kDisallowed (bytes that are no message).
  // `reason` is for the log.
  void happen(Now now, Event event, std::string_view reason);

  // Once it has ended: the transactions that the chaincode was never sent. They keep their calls
  // and deadlines, and another handler can take them over.
  [[nodiscard]] std::vector<std::unique_ptr<TransactionContext>> take_unstarted();

  [[nodiscard]] HandlerId id() const { return id_; }
  [[nodiscard]] PeerId peer() const { return peer_; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& registered_name() const { return registered_name_; }
  [[nodiscard]] SteadyTime created() const { return created_; }
  [[nodiscard]] std::size_t open_transactions() const { return transactions_.size(); }

 private:
  // One event and what came with it.
  struct EventContext {
    Now now;
    Event event;
    const MessageView* message = nullptr;  // What was received or comes next.
    const NextState* next = nullptr;       // Of a next state.
    std::string_view reason = {};          // Of what no message says.
    TransactionContext* expired = nullptr;
    std::unique_ptr<TransactionContext>* accepted = nullptr;
  };

  // What becomes of the message of a next state, once its action has been carried out.
  enum class Follow {
    kSend,      // It is sent, when it says so.
    kSuppress,  // It is not: what it was for is over.
  };

  Follow step(const EventContext& current);
  Result<Follow> perform(Action action, const EventContext& current);

  // The actions of the table.
  Result<void> admit(const EventContext& current);
  void announce_ready();
  Follow accept_transaction(const EventContext& current);
  Follow start(const EventContext& current);
  Follow refuse_transaction(const EventContext& current);
  void serve(const EventContext& current);
  Follow answer(const EventContext& current);
  void expire_transaction(const EventContext& current);
  void terminate(const EventContext& current, std::string_view reason);

  Follow count_late(const EventContext& current);
  Result<void> refuse_registration(const EventContext& current, const Error& why);
  void send_next_state(Now now, const NextState& next, const MessageView& message);
  void send_reply(Now now, const Reply& reply);
  Result<void> send(const MessageView& message);
  void send_failed(Now now, const MessageView& message, const Error& error);

  // Set once, then read only.
  const HandlerId id_;
  const PeerId peer_;
  const SteadyTime created_;
  Environment& environment_;
  std::string registered_name_;  // From REGISTER; empty before.

  // Bus thread only.
  State state_ = State::kCreated;
  Transactions transactions_;
  RequestServer requests_;
  Reply reply_;             // Of the next state that is being handled, if it answers a request.
  bool has_reply_ = false;  // It does.
  SteadyTime last_heard_;
};

// Fabric's text for a message that the state does not allow.
[[nodiscard]] std::string describe_violation(State state, const MessageView& message);

}  // namespace ccbus::chaincode
