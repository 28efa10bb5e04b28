#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/chaincode/message/message_view.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/stream/next_state.h"
#include "service/chaincode/stream/transitions.h"
#include "service/chaincode/transaction/transaction_context.h"

namespace ccbus::chaincode {

// One connected chaincode process: the peer's side of one stream. It decides by the table of
// transitions.h what each event means, and carries out what the table names.
//
// Thread:   bus thread only.
// Blocks:   never.
// Lifetime: the environment outlives it. Once state() is kEnd it does nothing more; whoever owns
//           it may drop it as soon as no call into it is under way.
//
// Source: Fabric's handler.go; the loop's branches of v1.1, the rest at HEAD.
class Handler {
 public:
  // Created by the first message of a connection, a REGISTER.
  Handler(HandlerId id, PeerId peer, Environment& environment, SteadyTime now);
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  ~Handler();

  // A message came from the chaincode. Null: the empty frame.
  void receive(Now now, const MessageView* message);

  // The next state is handled first and then sent, when it says so.
  void next_state(Now now, const NextState& next);

  // Starts a transaction: queues `message`, INIT or TRANSACTION, as the next state. The context's
  // call ends exactly once whatever happens.
  void start(Now now, std::unique_ptr<TransactionContext> context,
             std::unique_ptr<protos::ChaincodeMessage> message);

  // What an open request of a transaction waited for has happened. One that is over, or waits for
  // something else by now, is no fault.
  void query_done(Now now, const TxKey& key, std::uint64_t serial);
  void call_done(Now now, const TxKey& key, std::uint64_t serial, ExecutionResult result);

  // Ends a callee's transaction whose caller has ended: nobody waits any more. The chaincode is not
  // told; what it asks for from now on meets no transaction. Returns the simulator.
  std::unique_ptr<ledger::TxSimulator> abandon(const TxKey& key);

  // The deadline of one of this handler's transactions has passed.
  void expire(Now now, TransactionContext& context);

  // Time for a KEEPALIVE. A failed send ends the stream.
  void keep_alive(Now now);

  // Something that no message says happened: kEof, kShutdown, kDisallowed (bytes that are no
  // message). `reason` is for the log.
  void happen(Now now, Event event, std::string_view reason);

  [[nodiscard]] HandlerId id() const { return id_; }
  [[nodiscard]] PeerId peer() const { return peer_; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& registered_name() const { return registered_name_; }
  [[nodiscard]] SteadyTime created() const { return created_; }
  [[nodiscard]] std::size_t open_transactions() const { return contexts_.size(); }

 private:
  // One event and what came with it.
  struct EventContext {
    Now now;
    Event event;
    const MessageView* message = nullptr;   // What was received or comes next.
    TransactionContext* context = nullptr;  // Of kExpired.
    std::string_view reason = {};           // Of what no message says.
  };

  // Which request is answered.
  struct RequestName {
    protos::ChaincodeMessage::Type type;
    std::string_view channel_id;
    std::string_view txid;
    RequestMetrics& metrics;
    SteadyTime received;
  };

  void step(const EventContext& current);
  Result<void> perform(Action action, const EventContext& current);

  // The actions of the table.
  Result<void> admit(const EventContext& current);
  void announce_ready();
  void serve(const EventContext& current);
  void finish(const EventContext& current);
  void expire_transaction(const EventContext& current);
  void terminate(const EventContext& current, std::string_view reason);

  Result<void> refuse_registration(const EventContext& current, const Error& why);
  // A message that is too large to be sent costs its own transaction; the stream is none the worse.
  // False: it belongs to none that runs.
  bool refuse_transaction(const MessageView& message, const Error& why);
  // Requests.
  Result<Answer> serve_guarded(const Request& request);
  Result<void> serve_later(Now now, TransactionContext& context, const RequestName& request,
                           Answer answer);
  // The transaction whose open request has that serial, and which is open no more; or null.
  TransactionContext* take_open_request(const TxKey& key, std::uint64_t serial, OpenRequest& taken);
  ShimMetrics& metrics_on(std::string_view channel);
  void count_completed(RequestMetrics& metrics, SteadyTime received, bool success);
  std::string& begin_reply();
  void reply(Now now, const RequestName& request, Result<void> served);

  Result<void> send(const MessageView& message);
  void send_failed(Now now, const MessageView& message, const Error& error);
  std::string wire_text(const RequestName& request, const Error& error);
  void end_transaction(std::unique_ptr<TransactionContext> context, ExecutionResult result);
  void release(TransactionContext& context);

  // Set once, then read only.
  const HandlerId id_;
  const PeerId peer_;
  const SteadyTime created_;
  Environment& environment_;
  std::string registered_name_;  // From REGISTER; empty before.

  // Bus thread only.
  State state_ = State::kCreated;
  TransactionContexts contexts_;
  std::map<std::string, ShimMetrics*, std::less<>> metrics_;  // By channel, for transactions.
  SteadyTime last_heard_;
};

// Fabric's text for a message that the state does not allow.
[[nodiscard]] std::string describe_violation(State state, const MessageView& message);

}  // namespace ccbus::chaincode
