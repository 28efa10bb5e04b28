#include "service/ordering/embedded_log.h"

#include <chrono>
#include <string>
#include <utility>

namespace ccbus::ordering {

EmbeddedLog::EmbeddedLog(const Limits& limits, LogPosition applied)
    : waiting_max_(limits.ordering_queue_max),
      waiting_bytes_max_(limits.ordering_queue_bytes_max),
      envelope_bytes_max_(limits.block_bytes_max),
      cutter_(limits),
      last_(applied) {}

Result<void> EmbeddedLog::broadcast(OrderedEnvelope envelope) {
  const std::size_t bytes = envelope.size();
  if (bytes > envelope_bytes_max_) {
    const std::string what =
        envelope.private_data.empty() ? "message payload" : "message payload with private data";
    return fail(ErrorCode::kInvalid, what + " is " + std::to_string(bytes) +
                                         " bytes and exceeds maximum allowed " +
                                         std::to_string(envelope_bytes_max_) + " bytes");
  }
  envelope.ordered = std::chrono::steady_clock::now();
  {
    const MutexLock lock(mutex_);
    if (refusal_ && !taken_.is_closed()) return unexpected(*refusal_);
    if (!taken_.is_closed() && taken_.open() >= waiting_max_) {
      return fail(ErrorCode::kExhausted,
                  "orderer.queue is reached: " + std::to_string(waiting_max_) +
                      " transactions wait for a block");
    }
    if (!taken_.is_closed() && waiting_bytes_ + bytes > waiting_bytes_max_) {
      return fail(ErrorCode::kExhausted,
                  "orderer.queueBytes is reached: " + std::to_string(waiting_bytes_) +
                      " bytes wait for a block, and the limit is " +
                      std::to_string(waiting_bytes_max_));
    }
    if (!taken_.enter()) return fail(ErrorCode::kPrecondition, "the orderer has stopped");
    waiting_bytes_ += bytes;
    queue_.push_back(std::move(envelope));
  }
  arrived_.notify_one();
  return {};
}

std::size_t EmbeddedLog::waiting() const {
  const MutexLock lock(mutex_);
  return taken_.open();
}

void EmbeddedLog::refuse(Error why) {
  const MutexLock lock(mutex_);
  refusal_ = std::move(why);
}

void EmbeddedLog::accept() {
  const MutexLock lock(mutex_);
  refusal_.reset();
}

bool EmbeddedLog::wait_for_stop(SteadyTime until) {
  const MutexLock lock(mutex_);
  while (!taken_.is_closed() && arrived_.wait_until(mutex_, until)) {
  }
  return taken_.is_closed();
}

bool EmbeddedLog::wait_for_work(SteadyTime until) {
  const MutexLock lock(mutex_);
  while (queue_.empty() && !taken_.is_closed() && arrived_.wait_until(mutex_, until)) {
  }
  return taken_.is_closed();
}

void EmbeddedLog::stop() {
  {
    const MutexLock lock(mutex_);
    taken_.close();
  }
  arrived_.notify_one();
}

// While envelopes keep coming, batches fill up; when none has come, what is pending goes at once.
BatchSource::Next EmbeddedLog::next(Wait wait) {
  while (closed_.empty()) {
    Batch arrived;
    bool is_stopping = false;
    {
      const MutexLock lock(mutex_);
      const bool may_wait = wait == Wait::kYes && !cutter_.has_pending();
      while (may_wait && queue_.empty() && !taken_.is_closed()) arrived_.wait(mutex_);
      arrived = std::exchange(queue_, {});
      is_stopping = taken_.is_closed();
    }
    if (arrived.empty() && cutter_.has_pending()) return number(cutter_.cut());
    if (arrived.empty()) return {is_stopping ? Next::Kind::kEnded : Next::Kind::kNothingYet};
    for (OrderedEnvelope& envelope : arrived) {
      for (Batch& closed : cutter_.add(std::move(envelope))) closed_.push_back(std::move(closed));
    }
  }
  Batch batch = std::move(closed_.front());
  closed_.pop_front();
  return number(std::move(batch));
}

BatchSource::Next EmbeddedLog::number(Batch batch) {
  std::size_t bytes = 0;
  for (const OrderedEnvelope& envelope : batch) bytes += envelope.size();
  {
    const MutexLock lock(mutex_);
    taken_.leave(batch.size());
    waiting_bytes_ -= bytes;
  }
  ++last_.value;
  return {Next::Kind::kBatch, {std::move(batch), last_}};
}

}  // namespace ccbus::ordering
