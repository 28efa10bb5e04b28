#include "service/ordering/embedded_log.h"

#include <chrono>
#include <string>
#include <utility>

namespace ccbus::ordering {

EmbeddedLog::EmbeddedLog(const Limits& limits, LogPosition applied)
    : envelope_bytes_max_(limits.block_bytes_max),
      cutter_(limits),
      last_(applied),
      room_({limits.ordering_queue_max, limits.ordering_queue_bytes_max, "orderer.queue",
             "orderer.queueBytes", "wait for a block"}) {}

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
    if (is_stopped_) return fail(ErrorCode::kPrecondition, "the orderer has stopped");
    if (refusal_) return unexpected(*refusal_);
    const PeerId client = envelope.client;
    if (auto room = room_.check(client, bytes); !room) return room;
    room_.take(client, bytes);
    try {
      queue_.push_back(std::move(envelope));
    } catch (...) {
      room_.give_back(client, bytes);
      throw;
    }
  }
  arrived_.notify_one();
  return {};
}

std::size_t EmbeddedLog::waiting() const {
  const MutexLock lock(mutex_);
  return room_.count();
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
  while (!is_stopped_ && arrived_.wait_until(mutex_, until)) {
  }
  return is_stopped_;
}

bool EmbeddedLog::wait_for_work(SteadyTime until) {
  const MutexLock lock(mutex_);
  while (queue_.empty() && !is_stopped_ && arrived_.wait_until(mutex_, until)) {
  }
  return is_stopped_;
}

void EmbeddedLog::stop() {
  {
    const MutexLock lock(mutex_);
    is_stopped_ = true;
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
      while (may_wait && queue_.empty() && !is_stopped_) arrived_.wait(mutex_);
      arrived = std::exchange(queue_, {});
      is_stopping = is_stopped_;
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
  {
    const MutexLock lock(mutex_);
    for (const OrderedEnvelope& envelope : batch) {
      room_.give_back(envelope.client, envelope.size());
    }
  }
  ++last_.value;
  return {Next::Kind::kBatch, {std::move(batch), last_}};
}

}  // namespace ccbus::ordering
