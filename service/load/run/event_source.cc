#include "service/load/run/event_source.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

namespace ccbus::load {

void Turns::take(SteadyTime until) {
  bool has_more = false;
  for (EventSource* source : sources_) has_more |= source->turn();
  if (has_more) return;
  descriptors_.clear();
  ends_.clear();
  for (const EventSource* source : sources_) {
    source->add_descriptors(descriptors_);
    ends_.push_back(descriptors_.size());
    if (const auto deadline = source->next_deadline()) until = std::min(until, *deadline);
  }
  wait(until);
  std::size_t at = 0;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    bool is_readable = false;
    for (; at < ends_[i]; ++at) is_readable |= descriptors_[at].revents != 0;
    if (is_readable) sources_[i]->on_readable();
  }
}

// Uses ppoll() for its nanoseconds: zmq_poll() and poll() only have milliseconds, and an arrival
// that is a millisecond late would dominate the measured latency.
void Turns::wait(SteadyTime until) {
  using std::chrono::nanoseconds;
  const nanoseconds left =
      std::max<nanoseconds>(until - std::chrono::steady_clock::now(), nanoseconds(0));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec timeout{seconds.count(), nanoseconds(left - seconds).count()};
  const int ready = ppoll(descriptors_.data(), descriptors_.size(), &timeout, nullptr);
  if (ready >= 0) return;
  if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "cannot wait");
  for (pollfd& descriptor : descriptors_) descriptor.revents = 0;
}

}  // namespace ccbus::load
