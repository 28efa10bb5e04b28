#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace ccbus {

// The kind of an expected failure. Callers decide by the code; the message is for people.
enum class ErrorCode {
  kInvalid,       // The input breaks a rule.
  kNotFound,      // The named object does not exist.
  kExists,        // The named object exists already.
  kPrecondition,  // Not allowed in the present state.
  kDeadline,      // A time limit passed.
  kDenied,        // Its key does not allow it to the one who asks.
  kPeerGone,      // The other side has left.
  kExhausted,     // A limit of limits.h is reached; nothing was done.
  kUnavailable,   // It cannot be used at present, and was not; it may work later.
  kCorrupt,       // Stored bytes are not what was written.
  kIo,            // The disk or the operating system reported an error.
};

struct Error {
  ErrorCode code;
  std::string message;
};

// GCC 12 has no std::expected. Use only what both have: has_value, *, error, value_or, and_then,
// transform, or_else. Only this file names tl.
template <class T>
using Result = tl::expected<T, Error>;
using tl::unexpected;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace ccbus
