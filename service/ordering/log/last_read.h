#pragma once

#include <string>
#include <string_view>

#include "service/base/ordered_batch.h"
#include "service/base/result.h"

namespace ccbus::ordering {

// Which record of a log was read last. Wherever reading begins, or goes on after a connection was
// lost, that record is read again, and must be the one that it was: a log that has lost its end, or
// was made anew, has another one there, or none.
class LastRead {
 public:
  // Position 0: none was.
  LastRead(LogPosition position, std::string hash)
      : position_(position), hash_(std::move(hash)), is_seen_again_(position == LogPosition{0}) {}

  [[nodiscard]] LogPosition position() const { return position_; }

  // Where to begin reading.
  [[nodiscard]] LogPosition begin() const {
    return {is_seen_again_ ? position_.value + 1 : position_.value};
  }

  // Nothing may be appended before.
  [[nodiscard]] bool is_seen_again() const { return is_seen_again_; }
  void look_again() { is_seen_again_ = position_ == LogPosition{0}; }

  // Takes the next record. Returns whether it is a new one.
  // Errors: kPrecondition it does not go on from the last one.
  [[nodiscard]] Result<bool> take(LogPosition position, const std::string& hash);

 private:
  LogPosition position_;
  std::string hash_;
  bool is_seen_again_;
};

}  // namespace ccbus::ordering
