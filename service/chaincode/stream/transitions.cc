#include "service/chaincode/stream/transitions.h"

namespace ccbus::chaincode {

std::string_view to_string(State state) {
  switch (state) {
    case State::kCreated: return "created";
    case State::kEstablished: return "established";
    case State::kReady: return "ready";
    case State::kEnd: return "end";
  }
  return "UNKNOWN";
}

std::string_view to_string(Event event) {
  switch (event) {
    case Event::kRegister: return "REGISTER";
    case Event::kRequest: return "request";
    case Event::kCompleted: return "COMPLETED";
    case Event::kError: return "ERROR";
    case Event::kDisallowed: return "disallowed";
    case Event::kNilMessage: return "nil message";
    case Event::kReady: return "next READY";
    case Event::kTransaction: return "next TRANSACTION";
    case Event::kUnprepared: return "next unprepared";
    case Event::kAnswer: return "next answer";
    case Event::kExecute: return "execute";
    case Event::kAbandoned: return "abandoned";
    case Event::kExpired: return "expired";
    case Event::kEof: return "EOF";
    case Event::kSendFailed: return "send failed";
    case Event::kNoNextState: return "no next state";
    case Event::kShutdown: return "shutdown";
  }
  return "UNKNOWN";
}

std::string_view to_string(Action action) {
  switch (action) {
    case Action::kAdmit: return "admit";
    case Action::kAnnounceReady: return "announce ready";
    case Action::kAccept: return "accept";
    case Action::kStart: return "start";
    case Action::kRefuse: return "refuse";
    case Action::kServe: return "serve";
    case Action::kAnswer: return "answer";
    case Action::kFinish: return "finish";
    case Action::kAbandon: return "abandon";
    case Action::kExpire: return "expire";
    case Action::kTerminate: return "terminate";
  }
  return "UNKNOWN";
}

}  // namespace ccbus::chaincode
