#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// The state machine of one stream between a handler and its chaincode, as a table.
//
// A chaincode connects and sends the first message:
//
//   chaincode   REGISTER ------------------------------------------> created
//   service     <-- REGISTERED, READY                                established, then ready
//   service     <-- TRANSACTION (or INIT)                            ready
//   chaincode   GET_STATE, PUT_STATE, ... -->  <-- RESPONSE or ERROR ready, any number of times
//   chaincode   COMPLETED (or ERROR) ------------------------------> ready, the transaction is over
//
// Many transactions run at once on one stream, identified by channel and transaction id. KEEPALIVE
// may be sent at any time in both directions. It is not an event of the machine.
//
// The states and the next-state events are those of Fabric v1.1's (looplab) machine. Which messages
// a state allows is taken from Fabric's newest release; a message that is not allowed ends the
// stream.
namespace ccbus::chaincode {

enum class State {
  kCreated,      // Connected; not registered yet.
  kEstablished,  // Registered; READY has not been sent yet.
  kReady,        // Runs transactions.
  kEnd,          // The stream has ended. Events for this handler are ignored.
};

enum class Event {
  // A message came from the chaincode.
  kRegister,    // REGISTER.
  kRequest,     // GET_STATE and all others that are answered by RESPONSE or ERROR.
  kCompleted,   // COMPLETED: the transaction's result.
  kError,       // ERROR: the transaction failed.
  kDisallowed,  // RESPONSE, INIT and others that only the service sends; unknown types; bytes that
                // cannot be decoded.
  kNilMessage,  // An empty frame.

  // A next state came from the service: it is handled here first and sent afterwards.
  kReady,        // READY.
  kTransaction,  // TRANSACTION or INIT.
  kUnprepared,   // TRANSACTION or INIT that could not be prepared.
  kAnswer,       // RESPONSE or ERROR that a worker or a callee has made.
  kNoNextState,  // A next state without a message.

  // Events without a message.
  kExecute,     // The gateway or another chaincode starts a transaction.
  kAbandoned,   // The caller of a callee's transaction has ended.
  kExpired,     // A transaction reached its deadline.
  kEof,         // The connection has ended.
  kSendFailed,  // A message could not be sent, for instance since the peer's queue is full.
  kShutdown,    // The service is stopping.
};

enum class Action {
  kAdmit,          // Check the name, add the handler to the registry, send REGISTERED, queue READY.
  kAnnounceReady,  // Let the registry give transactions to the handler.
  kAccept,         // Take a transaction: it gets a deadline and counts among those of the pool.
  kStart,          // Start the transaction: from now on it may make requests.
  kRefuse,         // End a transaction that could not be prepared; nothing is sent.
  kServe,          // Answer one request of a running transaction, now or by a later next state.
  kAnswer,         // Close the open request that is answered. If it is not open, nothing is sent.
  kFinish,         // End the transaction with the chaincode's result.
  kAbandon,        // End a callee's transaction for which nobody waits; the chaincode is not told.
  kExpire,         // End the transaction after its deadline; nothing is sent to the chaincode.
  kTerminate,      // Leave the registry, fail the started transactions, end the stream.
};

struct Row {
  State from;
  Event event;
  Action action;
  State to;  // The state after the action has succeeded. An action that fails ends the stream.
};

// Every transition that is allowed. For an event a handler carries out the action of its row and
// nothing else. A pair without a row is a protocol violation: it is logged and counted, and the
// stream ends.
inline constexpr std::array kTransitions = {
    Row{State::kCreated, Event::kRegister, Action::kAdmit, State::kEstablished},
    Row{State::kEstablished, Event::kReady, Action::kAnnounceReady, State::kReady},

    Row{State::kReady, Event::kExecute, Action::kAccept, State::kReady},
    Row{State::kReady, Event::kTransaction, Action::kStart, State::kReady},
    Row{State::kReady, Event::kUnprepared, Action::kRefuse, State::kReady},
    Row{State::kReady, Event::kRequest, Action::kServe, State::kReady},
    Row{State::kReady, Event::kAnswer, Action::kAnswer, State::kReady},
    Row{State::kReady, Event::kCompleted, Action::kFinish, State::kReady},
    Row{State::kReady, Event::kError, Action::kFinish, State::kReady},
    Row{State::kReady, Event::kAbandoned, Action::kAbandon, State::kReady},
    Row{State::kReady, Event::kExpired, Action::kExpire, State::kReady},

    Row{State::kCreated, Event::kNilMessage, Action::kTerminate, State::kEnd},
    Row{State::kCreated, Event::kEof, Action::kTerminate, State::kEnd},
    Row{State::kCreated, Event::kSendFailed, Action::kTerminate, State::kEnd},
    Row{State::kCreated, Event::kNoNextState, Action::kTerminate, State::kEnd},
    Row{State::kCreated, Event::kShutdown, Action::kTerminate, State::kEnd},
    Row{State::kEstablished, Event::kNilMessage, Action::kTerminate, State::kEnd},
    Row{State::kEstablished, Event::kEof, Action::kTerminate, State::kEnd},
    Row{State::kEstablished, Event::kSendFailed, Action::kTerminate, State::kEnd},
    Row{State::kEstablished, Event::kNoNextState, Action::kTerminate, State::kEnd},
    Row{State::kEstablished, Event::kShutdown, Action::kTerminate, State::kEnd},
    Row{State::kReady, Event::kNilMessage, Action::kTerminate, State::kEnd},
    Row{State::kReady, Event::kEof, Action::kTerminate, State::kEnd},
    Row{State::kReady, Event::kSendFailed, Action::kTerminate, State::kEnd},
    Row{State::kReady, Event::kNoNextState, Action::kTerminate, State::kEnd},
    Row{State::kReady, Event::kShutdown, Action::kTerminate, State::kEnd},
};

inline constexpr std::array kStates = {State::kCreated, State::kEstablished, State::kReady,
                                       State::kEnd};
inline constexpr std::array kEvents = {Event::kRegister,   Event::kRequest,     Event::kCompleted,
                                       Event::kError,      Event::kDisallowed,  Event::kNilMessage,
                                       Event::kReady,      Event::kTransaction, Event::kUnprepared,
                                       Event::kAnswer,     Event::kNoNextState, Event::kExecute,
                                       Event::kAbandoned,  Event::kExpired,     Event::kEof,
                                       Event::kSendFailed, Event::kShutdown};

// The index of each pair's row in the table, by state and event; kNoRow if there is none.
inline constexpr std::int8_t kNoRow = -1;
inline constexpr auto kRowIndex = [] {
  std::array<std::array<std::int8_t, kEvents.size()>, kStates.size()> index{};
  for (auto& by_event : index) by_event.fill(kNoRow);
  for (std::size_t i = 0; i < kTransitions.size(); ++i) {
    const Row& row = kTransitions[i];
    index[static_cast<std::size_t>(row.from)][static_cast<std::size_t>(row.event)] =
        static_cast<std::int8_t>(i);
  }
  return index;
}();

// Returns the row for this pair; null if there is none, which is a protocol violation.
[[nodiscard]] constexpr const Row* find_row(State from, Event event) {
  const std::int8_t at = kRowIndex[static_cast<std::size_t>(from)][static_cast<std::size_t>(event)];
  return at == kNoRow ? nullptr : &kTransitions[static_cast<std::size_t>(at)];
}

[[nodiscard]] consteval bool rows_are_unique() {
  for (std::size_t i = 0; i < kTransitions.size(); ++i) {
    for (std::size_t j = i + 1; j < kTransitions.size(); ++j) {
      if (kTransitions[i].from == kTransitions[j].from &&
          kTransitions[i].event == kTransitions[j].event) {
        return false;
      }
    }
  }
  return true;
}
static_assert(rows_are_unique(), "two rows answer the same (state, event)");

[[nodiscard]] consteval bool nothing_leaves_the_end() {
  for (const Row& row : kTransitions) {
    if (row.from == State::kEnd) return false;
  }
  return true;
}
static_assert(nothing_leaves_the_end(), "a row leads out of the end");

// The names of the states are Fabric's: created, established, ready; "end" is ours. A value outside
// the enum is UNKNOWN.
[[nodiscard]] std::string_view to_string(State state);
[[nodiscard]] std::string_view to_string(Event event);
[[nodiscard]] std::string_view to_string(Action action);

}  // namespace ccbus::chaincode
