#include "ccbus/curve/refusal.h"

#include <zmq.h>

namespace ccbus::curve {

// Of another server key one sees only that the service hangs up.
Refusal refusal_of(std::uint16_t event, std::int32_t value, bool has_keys) {
  switch (event) {
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return Refusal::kKey;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      if (value != ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH) return Refusal::kNone;
      return has_keys ? Refusal::kNotAsked : Refusal::kNoKey;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      return has_keys ? Refusal::kServerKey : Refusal::kNone;
    default: return Refusal::kNone;
  }
}

std::string_view describe(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone: return {};
    case Refusal::kKey:
      return "the service does not accept this key: it is not among those that it allows, was "
             "revoked, or has expired";
    case Refusal::kServerKey:
      return "the service ended the handshake: the server key that was given is not the one of "
             "this service at this address";
    case Refusal::kNoKey:
      return "the service asks for a key: give --key and --server-key, or CCBUS_KEY and "
             "CCBUS_SERVER_KEY";
    case Refusal::kNotAsked:
      return "the service asks for no key, and so cannot prove that it is the one that is meant: "
             "connect without a key, or set its security.serverKey";
  }
  return {};
}

}  // namespace ccbus::curve
