#include "bindings/cpp/src/shim/turn_watch.h"

#include <algorithm>
#include <utility>

namespace ccbus::shim {
namespace {

using Clock = std::chrono::steady_clock;

// So many looks a turn, so that a turn is at most a quarter longer than allowed.
constexpr int kLooks = 4;

// Without any turn for so many times the longest one the watch sleeps until the next one.
constexpr int kQuietTurns = 10;

bool is_turn(TurnWatch::Turn turn) {
  return turn % 2 == 1;
}

}  // namespace

TurnWatch::TurnWatch(std::chrono::milliseconds turn_max, Replacement replacement)
    : turn_max_(turn_max),
      between_looks_(turn_max_ / kLooks),
      replacement_(std::move(replacement)) {}

TurnWatch::~TurnWatch() {
  stop();
}

void TurnWatch::start() {
  thread_ = std::thread([this] { watch(); });
}

void TurnWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

TurnWatch::Turn TurnWatch::enter() {
  last_ += 2;
  const Turn turn = last_ - 1;
  // In this order for all threads, as in park(): one of the two sees the other.
  current_.store(turn);
  if (parked_.load()) {
    {
      const std::lock_guard lock(mutex_);
      parked_ = false;
    }
    changed_.notify_all();
  }
  return turn;
}

bool TurnWatch::leave(Turn turn) {
  return current_.compare_exchange_strong(turn, turn + 1);
}

void TurnWatch::watch() {
  auto last = Clock::now();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto now = Clock::now();
    look(now - last);
    last = now;
    lock.lock();
    if (parked_) {
      changed_.wait(lock, [this] { return stopping_ || !parked_; });
    } else {
      changed_.wait_for(lock, between_looks_, [this] { return stopping_; });
    }
  }
}

void TurnWatch::look(std::chrono::nanoseconds since_last) {
  const Turn turn = current_.load();
  if (turn != seen_) {
    seen_ = turn;
    seen_for_ = {};
    return;
  }
  // On a busy machine this thread wakes late, and the watched one may not have run meanwhile: such
  // a time counts only in part.
  seen_for_ += std::min(since_last, 2 * between_looks_);
  if (!is_turn(turn)) {
    if (seen_for_ >= kQuietTurns * turn_max_) park();
  } else if (seen_for_ >= turn_max_ && replacement_.prepare()) {
    Turn expected = turn;
    if (current_.compare_exchange_strong(expected, turn + 1)) replacement_.taken();
  }
}

void TurnWatch::park() {
  parked_ = true;
  if (current_.load() != seen_) parked_ = false;
}

}  // namespace ccbus::shim
