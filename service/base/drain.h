#pragma once

#include <cstddef>

#include "service/base/assert.h"

namespace ccbus {

// How a part of the service stops: no new work is let in any more, and the last of the old work
// ends. It counts the work that is open and remembers that it was closed.
//
// Thread: one at a time; an owner that several threads use guards it with its mutex.
class Drain {
 public:
  // Lets one piece of work in; leave() follows when it has ended. False once closed: the work is to
  // be refused.
  [[nodiscard]] bool enter() {
    if (is_closed_) return false;
    ++open_;
    return true;
  }

  // So many pieces of work have ended.
  void leave(std::size_t count = 1) {
    CCBUS_ASSERT(open_ >= count);
    open_ -= count;
  }

  // From now on nothing is let in.
  void close() { is_closed_ = true; }

  [[nodiscard]] bool is_closed() const { return is_closed_; }
  [[nodiscard]] std::size_t open() const { return open_; }
  // Closed, and all work has ended.
  [[nodiscard]] bool is_drained() const { return is_closed_ && open_ == 0; }

 private:
  std::size_t open_ = 0;
  bool is_closed_ = false;
};

}  // namespace ccbus
