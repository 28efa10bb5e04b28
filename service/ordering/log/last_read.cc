#include "service/ordering/log/last_read.h"

namespace ccbus::ordering {
namespace {

unexpected<Error> lost(LogPosition at, const std::string& what) {
  return fail(ErrorCode::kPrecondition,
              "the log has lost entries, or was made anew: position " + std::to_string(at.value) +
                  ", which is applied here, " + what +
                  ". `ccbus log reseed` begins a new generation from the ledger that has most");
}

}  // namespace

Result<bool> LastRead::take(LogPosition position, const std::string& hash) {
  if (!is_seen_again_) {
    if (position != position_) {
      return lost(position_, "is missing; the next one is " + std::to_string(position.value));
    }
    if (hash != hash_) return lost(position_, "holds another entry");
    is_seen_again_ = true;
    return false;
  }
  if (position <= position_) return false;  // Read again, after the connection was lost.
  position_ = position;
  hash_ = hash;
  return true;
}

}  // namespace ccbus::ordering
