#include "service/ordering/embedded_orderer.h"

#include <chrono>
#include <utility>

#include "service/base/assert.h"

namespace ccbus::ordering {

EmbeddedOrderer::EmbeddedOrderer(const Limits& limits, Deliver deliver, Idle idle)
    : waiting_max_(limits.ordering_queue_max),
      envelope_bytes_max_(limits.block_bytes_max),
      deliver_(std::move(deliver)),
      idle_(std::move(idle)),
      cutter_(limits),
      committer_([this] { run(); }) {}

EmbeddedOrderer::~EmbeddedOrderer() {
  stop();
}

Result<void> EmbeddedOrderer::broadcast(OrderedEnvelope envelope) {
  if (envelope.bytes.size() > envelope_bytes_max_) {
    return fail(ErrorCode::kInvalid, "message payload is " + std::to_string(envelope.bytes.size()) +
                                         " bytes and exceeds maximum allowed " +
                                         std::to_string(envelope_bytes_max_) + " bytes");
  }
  envelope.ordered = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return fail(ErrorCode::kPrecondition, "the orderer has stopped");
    if (waiting_ >= waiting_max_) {
      return fail(ErrorCode::kExhausted,
                  "orderer.queue is reached: " + std::to_string(waiting_max_) +
                      " transactions wait for a block");
    }
    ++waiting_;
    queue_.push_back(std::move(envelope));
  }
  arrived_.notify_one();
  return {};
}

std::size_t EmbeddedOrderer::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void EmbeddedOrderer::stop() {
  CCBUS_ASSERT(std::this_thread::get_id() != committer_.get_id());
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  if (committer_.joinable()) committer_.join();
}

// Everything that has come. Waits for it only while nothing is pending; empty with nothing pending
// means that the orderer has stopped.
Batch EmbeddedOrderer::take() {
  std::unique_lock lock(mutex_);
  const auto has_come = [this] { return stopping_ || !queue_.empty(); };
  while (!cutter_.has_pending() && !has_come()) {
    if (!has_idle_work_) {
      arrived_.wait(lock, has_come);
      break;
    }
    lock.unlock();
    has_idle_work_ = idle_();
    lock.lock();
  }
  return std::exchange(queue_, {});
}

void EmbeddedOrderer::hand_over(Batch batch) {
  {
    const std::lock_guard lock(mutex_);
    waiting_ -= batch.size();
  }
  deliver_(std::move(batch));
  has_idle_work_ = true;
}

// While envelopes keep coming, blocks fill up; when none has come, what is pending goes at once.
void EmbeddedOrderer::run() {
  for (;;) {
    Batch arrived = take();
    if (arrived.empty() && !cutter_.has_pending()) return;
    if (arrived.empty()) hand_over(cutter_.cut());
    for (OrderedEnvelope& envelope : arrived) {
      for (Batch& closed : cutter_.add(std::move(envelope))) hand_over(std::move(closed));
    }
  }
}

}  // namespace ccbus::ordering
