#include "service/gateway/replies/open_requests.h"

#include <limits>

namespace ccbus::gateway {

OpenRequests::Entry OpenRequests::add(ReplyAddress address) {
  const Key key{address.client, address.correlation_id, ++last_serial_};
  Map::iterator at;
  if (spare_.empty()) {
    at = open_.try_emplace(key).first;
  } else {
    spare_.key() = key;
    at = open_.insert(std::move(spare_)).position;
  }
  at->second.self = at;
  return Entry(*this, at->second);
}

std::optional<OpenRequests::Ended> OpenRequests::end(ReplyAddress address) {
  const auto at = open_.lower_bound({address.client, address.correlation_id, 0});
  if (at == open_.end() || at->first.client != address.client ||
      at->first.correlation_id != address.correlation_id) {
    return std::nullopt;
  }
  return end(at->second);
}

std::optional<OpenRequests::Ended> OpenRequests::end_expired(SteadyTime now) {
  const auto expired = deadlines_.pop(now);
  if (!expired) return std::nullopt;
  (*expired)->deadline.reset();  // It was popped.
  return end(**expired);
}

// The request stays where it is in memory: its entry points to it.
OpenRequests::Ended OpenRequests::end(Request& request) {
  if (request.deadline) deadlines_.remove(*std::exchange(request.deadline, std::nullopt));
  request.has_ended = true;
  request.work.cancel();
  request.self = ended_.insert(open_.extract(request.self)).position;
  const Key& key = request.self->first;
  Ending ending = std::exchange(request.ending, {});
  return {{key.client, key.correlation_id},
          request.timeout_ms,
          request.effect,
          request.height,
          ending.so_far,
          std::move(ending.drop)};
}

void OpenRequests::remove(Request& request) noexcept {
  if (request.deadline) deadlines_.remove(*request.deadline);
  spare_ = (request.has_ended ? ended_ : open_).extract(request.self);
  spare_.mapped() = Request{};
}

void OpenRequests::on_client_gone(PeerId client) noexcept {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  const auto end = open_.upper_bound({client, kLast, kLast});
  for (auto at = open_.lower_bound({client, 0, 0}); at != end; ++at) {
    if (at->second.goes_with_client) at->second.work.cancel();
  }
}

}  // namespace ccbus::gateway
