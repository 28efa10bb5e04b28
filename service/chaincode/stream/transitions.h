#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// What one handler and its chaincode say to each other, as a table.
//
// A chaincode connects and speaks first:
//
//   chaincode   REGISTER ------------------------------------------> created
//   service     <-- REGISTERED, READY                                established, then ready
//   service     <-- TRANSACTION (or INIT)                            ready
//   chaincode   GET_STATE, PUT_STATE, ... -->  <-- RESPONSE or ERROR ready, as often as it likes
//   chaincode   COMPLETED (or ERROR) ------------------------------> ready, the transaction is over
//
// Many transactions run at once on one stream, told apart by channel and transaction id. KEEPALIVE
// may pass at any time, both ways, and is no event: it never touches the machine.
//
// The states and the next-state events are Fabric's v1.1 (looplab) machine; what is allowed where
// is the newest release's: a message that the state does not allow ends the stream.
namespace ccbus::chaincode {

enum class State {
  kCreated,      // Connected, nothing said yet.
  kEstablished,  // Registered; READY is on its way.
  kReady,        // Runs transactions.
  kEnd,          // Over. What still names this handler is ignored.
};

enum class Event {
  // The chaincode said so.
  kRegister,    // REGISTER.
  kRequest,     // GET_STATE and all others that are answered by RESPONSE or ERROR.
  kCompleted,   // COMPLETED: the transaction's result.
  kError,       // ERROR: the transaction failed.
  kDisallowed,  // RESPONSE, INIT and what else only the service says; unknown numbers; not
                // decodable.
  kNilMessage,  // An empty frame.

  // The service says so, as a next state: handled here first, sent after.
  kReady,        // READY.
  kTransaction,  // TRANSACTION or INIT.
  kUnprepared,   // The same, but it could not be prepared.
  kAnswer,       // RESPONSE or ERROR that a worker or a callee has made.
  kNoNextState,  // A next state without a message.

  // It happened.
  kExecute,     // The gateway or another chaincode wants a transaction run.
  kExpired,     // A transaction reached its deadline.
  kEof,         // The connection is gone.
  kSendFailed,  // A send was refused: peer gone, or its queue is full.
  kShutdown,    // The service stops.
};

enum class Action {
  kAdmit,          // Check the name, enter the registry, send REGISTERED, queue READY.
  kAnnounceReady,  // Offer the handler to transactions.
  kAccept,         // Take a transaction: its deadline runs, and it counts among the pool's.
  kStart,          // The transaction begins: from now on it may ask for things.
  kRefuse,         // End the transaction that cannot begin; nothing is sent.
  kServe,          // Answer one request of a running transaction, now or by a later next state.
  kAnswer,         // Close the open request that is answered; one that is closed: nothing is sent.
  kFinish,         // End the transaction with the chaincode's result.
  kExpire,         // End the transaction since its time is up; the chaincode is not told.
  kTerminate,      // Leave the registry, fail what was started, end the stream.
};

struct Row {
  State from;
  Event event;
  Action action;
  State to;  // Reached once the action has succeeded. An action that fails ends the stream.
};

// Every legal move, and the whole of what the engine does: a handler carries out the action of the
// row and nothing else. A pair that is absent is a protocol violation: it is logged and counted,
// and the stream ends.
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
inline constexpr std::array kEvents = {
    Event::kRegister,   Event::kRequest,    Event::kCompleted,   Event::kError,
    Event::kDisallowed, Event::kNilMessage, Event::kReady,       Event::kTransaction,
    Event::kUnprepared, Event::kAnswer,     Event::kNoNextState, Event::kExecute,
    Event::kExpired,    Event::kEof,        Event::kSendFailed,  Event::kShutdown};

// Where the row of each pair stands in the table, by state and event; kNoRow: there is none.
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

// The row for this pair; null if there is none: a protocol violation.
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

// Fabric's names: created, established, ready; end is ccbus's own. Anything else: UNKNOWN.
[[nodiscard]] std::string_view to_string(State state);
[[nodiscard]] std::string_view to_string(Event event);
[[nodiscard]] std::string_view to_string(Action action);

}  // namespace ccbus::chaincode
