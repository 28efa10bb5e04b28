#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "service/base/assert.h"
#include "service/chaincode/message/next_state.h"

namespace ccbus::chaincode {

// A queue of the next states that arose on the bus thread and have not been handled yet. Those that
// come through the pipe from other threads do not enter it. Bus thread only.
class NextStates {
 public:
  void push(NextState next) { waiting_.push_back(std::move(next)); }

  // Makes room for one more, so that the next push() throws nothing.
  void reserve_one() {
    if (waiting_.size() == waiting_.capacity()) waiting_.reserve(2 * waiting_.size() + 1);
  }

  [[nodiscard]] bool empty() const { return first_ == waiting_.size(); }

  // Removes and returns the first one. Must not be empty() (asserted).
  [[nodiscard]] NextState pop() {
    CCBUS_ASSERT(!empty());
    NextState next = std::move(waiting_[first_++]);
    if (empty()) {
      waiting_.clear();  // Keeps its memory.
      first_ = 0;
    }
    return next;
  }

 private:
  std::vector<NextState> waiting_;
  std::size_t first_ = 0;
};

}  // namespace ccbus::chaincode
