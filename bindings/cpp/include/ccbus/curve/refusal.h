#pragma once

#include <cstdint>
#include <string_view>

namespace ccbus::curve {

// What a handshake with keys has failed for.
enum class Refusal {
  kNone,       // It has not, or nothing is known.
  kKey,        // The service does not accept this key.
  kServerKey,  // The service has ended the handshake, as it does if it has another key.
  kNoKey,      // The service asks for a key, and none was given.
  kNotAsked,   // A key was given, and the service asks for none.
};

// Reads an event of the socket monitor of the side that connects, as libzmq 4.3 reports it.
[[nodiscard]] Refusal refusal_of(std::uint16_t event, std::int32_t value, bool has_keys);

// The sentence for people, which says what to do; empty for kNone.
[[nodiscard]] std::string_view describe(Refusal refusal);

}  // namespace ccbus::curve
