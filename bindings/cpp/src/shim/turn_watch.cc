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
    : turn_max_(turn_max), replacement_(std::move(replacement)) {}

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
  const auto between =
      std::max(std::chrono::microseconds(turn_max_) / kLooks, std::chrono::microseconds(100));
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    look();
    lock.lock();
    if (parked_) {
      changed_.wait(lock, [this] { return stopping_ || !parked_; });
    } else {
      changed_.wait_for(lock, between, [this] { return stopping_; });
    }
  }
}

void TurnWatch::look() {
  const Turn turn = current_.load();
  const auto now = Clock::now();
  if (turn != seen_) {
    seen_ = turn;
    seen_at_ = now;
  } else if (!is_turn(turn)) {
    if (now - seen_at_ >= kQuietTurns * turn_max_) park();
  } else if (now - seen_at_ >= turn_max_ && replacement_.prepare()) {
    Turn expected = turn;
    if (current_.compare_exchange_strong(expected, turn + 1)) replacement_.taken();
  }
}

void TurnWatch::park() {
  parked_ = true;
  if (current_.load() != seen_) parked_ = false;
}

}  // namespace ccbus::shim
