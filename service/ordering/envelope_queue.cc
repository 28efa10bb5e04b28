#include "service/ordering/envelope_queue.h"

#include <chrono>
#include <string>
#include <utility>

#include "service/ordering/log/log.h"

namespace ccbus::ordering {

EnvelopeQueue::EnvelopeQueue(const Limits& limits, Log& log, PrivateData private_data)
    : envelope_bytes_max_(limits.block_bytes_max),
      private_data_(private_data),
      log_(log),
      room_({limits.ordering_queue_max, limits.ordering_queue_bytes_max, "orderer.queue",
             "orderer.queueBytes", "wait for a block"}) {}

Result<void> EnvelopeQueue::broadcast(OrderedEnvelope envelope) {
  const std::size_t bytes = envelope.size();
  if (bytes > envelope_bytes_max_) {
    const std::string what =
        envelope.private_data.empty() ? "message payload" : "message payload with private data";
    return fail(ErrorCode::kInvalid, what + " is " + std::to_string(bytes) +
                                         " bytes and exceeds maximum allowed " +
                                         std::to_string(envelope_bytes_max_) + " bytes");
  }
  if (!envelope.private_data.empty() && private_data_ == PrivateData::kRefused) {
    return fail(ErrorCode::kPrecondition,
                "private data are not taken by a log that several services share: whoever reads "
                "the log would read them");
  }
  envelope.ordered = std::chrono::steady_clock::now();
  bool is_first = false;
  {
    const MutexLock lock(mutex_);
    if (is_stopped_) return fail(ErrorCode::kPrecondition, "the orderer has stopped");
    for (const auto& refusal : refusals_) {
      if (refusal) return unexpected(*refusal);
    }
    const PeerId client = envelope.client;
    if (auto room = room_.check(client, bytes); !room) return room;
    is_first = queue_.empty();
    room_.take(client, bytes);
    try {
      queue_.push_back(std::move(envelope));
    } catch (...) {
      room_.give_back(client, bytes);
      throw;
    }
  }
  if (is_first) log_.wake();  // Whoever is awake takes all that has come.
  return {};
}

std::size_t EnvelopeQueue::waiting() const {
  const MutexLock lock(mutex_);
  return room_.count();
}

void EnvelopeQueue::refuse(Refuser refuser, Error why) {
  const MutexLock lock(mutex_);
  refusals_[static_cast<std::size_t>(refuser)] = std::move(why);
}

void EnvelopeQueue::accept(Refuser refuser) {
  const MutexLock lock(mutex_);
  refusals_[static_cast<std::size_t>(refuser)].reset();
}

void EnvelopeQueue::stop() {
  {
    const MutexLock lock(mutex_);
    is_stopped_ = true;
  }
  stopped_.notify_one();
  log_.wake();
}

bool EnvelopeQueue::is_stopped() const {
  const MutexLock lock(mutex_);
  return is_stopped_;
}

bool EnvelopeQueue::wait_for_stop(SteadyTime until) {
  const MutexLock lock(mutex_);
  while (!is_stopped_ && stopped_.wait_until(mutex_, until)) {
  }
  return is_stopped_;
}

Batch EnvelopeQueue::take() {
  const MutexLock lock(mutex_);
  return std::exchange(queue_, {});
}

void EnvelopeQueue::give_back(const Batch& batch) {
  const MutexLock lock(mutex_);
  for (const OrderedEnvelope& each : batch) room_.give_back(each.client, each.size());
}

}  // namespace ccbus::ordering
