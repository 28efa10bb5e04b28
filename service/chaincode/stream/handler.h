#pragma once

#include <memory>
#include <string>
#include <string_view>

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

// The service's side of the stream to one connected chaincode process. For each event it looks up
// the action in the table of transitions.h and carries it out.
//
// Thread:   bus thread only.
// Blocks:   only on the reads of the ledger that a request asks for; see requests/requests.h.
// Lifetime: the environment outlives it. Once state() is kEnd it ignores messages and next states;
//           its owner may destroy it when no call into it is under way.
// Errors:   its functions throw nothing. An exception in an action is the error of the transaction
//           that the event was for: its request is answered by ERROR, or it ends with
//           kServiceFailed. If it was for none, or not even that can be sent, the stream ends.
//
// Source: Fabric's handler.go: the branches of the loop from v1.1, the rest from HEAD.
class Handler {
 public:
  // Made for the first message of a connection, a REGISTER, which is passed to receive() next.
  Handler(HandlerId id, PeerId peer, Environment& environment, SteadyTime now);
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;

  // A message came from the chaincode; null for the empty frame.
  void receive(Now now, const MessageView* message) noexcept;

  // Handles a next state, from the pipe or from the bus thread, and then sends its message if it is
  // to be sent.
  void next_state(Now now, const NextState& next) noexcept;

  // Gives this handler, which is ready, a transaction. Its INIT or TRANSACTION follows as a next
  // state. Returns false if the transaction was refused; then its call has been finished.
  bool accept(Now now, std::unique_ptr<TransactionContext> context) noexcept;

  // Ends the transaction of a callee whose caller has ended. The chaincode gets no message about
  // it; its later requests are refused. Returns the simulator; null if there is no such transaction
  // of the chaincode `ns`.
  std::unique_ptr<ledger::TxSimulator> abandon(std::string_view channel, std::string_view tx,
                                               std::string_view ns) noexcept;

  // Ends a transaction with a failure, if it runs here.
  void fail(std::string_view channel, std::string_view tx, Outcome outcome,
            std::string_view error) noexcept {
    transactions_.fail(channel, tx, outcome, error);
  }

  // The deadline of one of this handler's transactions has passed.
  void expire(Now now, TransactionContext& context) noexcept;

  // Sends a KEEPALIVE. If that fails, the stream ends.
  void keep_alive(Now now) noexcept;

  // Handles an event that comes without a message: kEof, kShutdown, kSendFailed, or kDisallowed for
  // bytes that are not a message. `reason` is for the log.
  void happen(Now now, Event event, std::string_view reason) noexcept;

  // Removes and returns a transaction that the chaincode was never sent, so that another handler
  // can take it over; null if there is none. It keeps its call and its time of expiry. Only once
  // state() is kEnd (asserted).
  [[nodiscard]] std::unique_ptr<TransactionContext> take_unstarted() noexcept;

  [[nodiscard]] HandlerId id() const { return id_; }
  [[nodiscard]] PeerId peer() const { return peer_; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& registered_name() const { return registered_name_; }
  [[nodiscard]] SteadyTime created() const { return created_; }
  [[nodiscard]] std::size_t open_transactions() const { return transactions_.size(); }

 private:
  // Which callee's transaction is abandoned, and what the action returns of it.
  struct Abandonment {
    std::string_view channel;
    std::string_view tx;
    std::string_view ns;
    std::unique_ptr<ledger::TxSimulator> simulator;
  };

  // One event and what came with it.
  struct EventContext {
    Now now;
    Event event;
    const MessageView* message = nullptr;  // The message received, or that of the next state.
    const NextState* next = nullptr;       // Set for a next state.
    std::string_view reason = {};          // Set for an event without a message.
    TransactionContext* expired = nullptr;
    std::unique_ptr<TransactionContext>* accepted = nullptr;
    Abandonment* abandoned = nullptr;
  };

  // Whether the message of a next state is sent after its action.
  enum class Follow {
    kSend,      // It is sent, if its `send` asks for that.
    kSuppress,  // It is not sent, since its transaction, request or stream has ended.
  };

  Follow step(const EventContext& current) noexcept;
  // Looks up the row and carries out its action.
  Follow carry_out(const EventContext& current);
  // Makes an exception the error of what the event was for.
  void recover(const EventContext& current, const std::exception& why) noexcept;
  void recover_request(const EventContext& current) noexcept;
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
  void terminate(const EventContext& current, std::string_view reason) noexcept;

  Follow count_late(const EventContext& current);
  Result<void> refuse_registration(const EventContext& current, const Error& why);
  void send_next_state(const EventContext& current);
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
  Reply reply_;             // The answer that the current next state gives, if has_reply_ is true.
  bool has_reply_ = false;  // Whether the current next state answers a request.
  SteadyTime last_heard_;
};

// Fabric's text for a message that the state does not allow.
[[nodiscard]] std::string describe_violation(State state, const MessageView& message);

}  // namespace ccbus::chaincode
