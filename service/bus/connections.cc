#include "service/bus/connections.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace ccbus::bus {
namespace {

// Returns 0 if the descriptor is not a socket; the kernel gives no socket that cookie.
std::uint64_t cookie_of(int descriptor) {
  std::uint64_t cookie = 0;
  socklen_t bytes = sizeof cookie;
  if (getsockopt(descriptor, SOL_SOCKET, SO_COOKIE, &cookie, &bytes) != 0) return 0;
  return cookie;
}

std::optional<std::uint64_t> received_by(int descriptor) {
  tcp_info info{};
  socklen_t bytes = sizeof info;
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &bytes) != 0) return std::nullopt;
  return info.tcpi_bytes_received;
}

// So that looking at very many connections takes little of the bus thread at a time, and in all.
constexpr std::size_t kPerLook = 256;
constexpr std::chrono::milliseconds kBetweenLooks{25};
constexpr std::chrono::milliseconds kBetweenRounds{250};

std::string describe_ahead(std::uint64_t ahead, std::size_t limit) {
  return std::to_string(ahead) + " bytes received and no whole message of them, limit " +
         std::to_string(limit);
}

}  // namespace

std::optional<int> Connections::accepted(Now now, int descriptor) {
  ended(descriptor);  // Its last owner.
  silent_.push_back(descriptor);
  live_.emplace(descriptor, Connection{.cookie = cookie_of(descriptor),
                                       .last_of_use = now.steady,
                                       .silent = std::prev(silent_.end())});
  opened();
  if (!is_above_limit()) return std::nullopt;
  const auto gives_way =
      std::ranges::find_if(silent_, [this](int silent) { return !live_.at(silent).is_cut; });
  return gives_way == silent_.end() ? descriptor : *gives_way;
}

void Connections::ended(int descriptor) {
  const auto at = live_.find(descriptor);
  if (at == live_.end()) return;
  if (!at->second.is_cut) closed();
  if (!at->second.has_spoken()) silent_.erase(at->second.silent);
  live_.erase(at);
}

bool Connections::is_above_limit() const {
  return open_ > limits_.open_max ||
         (limits_.shared != nullptr && limits_.shared->open > limits_.shared->open_max);
}

void Connections::opened() {
  ++open_;
  if (limits_.shared != nullptr) ++limits_.shared->open;
}

void Connections::closed() {
  --open_;
  if (limits_.shared != nullptr) --limits_.shared->open;
}

std::vector<Connections::Offence> Connections::look(Now now,
                                                    const std::function<bool(int)>& may_stay) {
  if (next_ == round_.size()) begin_round();
  const std::size_t end = std::min(next_ + kPerLook, round_.size());
  std::vector<Offence> offences;
  for (; next_ < end; ++next_) {
    const auto at = live_.find(round_[next_]);
    if (at == live_.end()) continue;
    if (auto offence = examine(now, at->first, at->second, may_stay)) {
      offences.push_back(std::move(*offence));
    }
  }
  if (next_ == round_.size() && ahead_total_ > limits_.ahead_bytes_total) {
    offences.push_back({furthest_, describe_ahead(ahead_of_furthest_, limits_.ahead_bytes_max) +
                                       "; of all connections " + std::to_string(ahead_total_) +
                                       ", limit " + std::to_string(limits_.ahead_bytes_total)});
  }
  const bool is_round_over = next_ == round_.size();
  next_look_ = now.steady + (is_round_over ? kBetweenRounds : kBetweenLooks);
  return offences;
}

void Connections::begin_round() {
  round_.clear();
  for (const auto& [descriptor, connection] : live_) round_.push_back(descriptor);
  next_ = 0;
  ahead_total_ = 0;
  ahead_of_furthest_ = 0;
}

std::optional<Connections::Offence> Connections::examine(Now now, int descriptor,
                                                         Connection& connection,
                                                         const std::function<bool(int)>& may_stay) {
  if (connection.is_cut) return std::nullopt;
  if (connection.has_spoken() && may_stay(descriptor)) connection.last_of_use = now.steady;
  const auto useless =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.steady - connection.last_of_use);
  if (useless >= limits_.first_message) {
    return Offence{descriptor,
                   (connection.has_spoken() ? "no registration for " : "no message for ") +
                       std::to_string(useless.count()) + " ms, limit " +
                       std::to_string(limits_.first_message.count()) + " ms (limits.firstMessage)"};
  }
  const std::uint64_t received = received_by(descriptor).value_or(0);
  const std::uint64_t ahead = received - std::min(received, connection.delivered);
  if (ahead > limits_.ahead_bytes_max) {
    return Offence{descriptor, describe_ahead(ahead, limits_.ahead_bytes_max)};
  }
  ahead_total_ += ahead;
  if (ahead > ahead_of_furthest_) {
    ahead_of_furthest_ = ahead;
    furthest_ = descriptor;
  }
  return std::nullopt;
}

std::vector<int> Connections::of_listener(std::size_t listener) const {
  std::vector<int> descriptors;
  for (const auto& [descriptor, connection] : live_) {
    if (connection.listener == listener) descriptors.push_back(descriptor);
  }
  return descriptors;
}

void Connections::cut(int descriptor) {
  const auto at = live_.find(descriptor);
  if (at == live_.end() || at->second.is_cut) return;
  at->second.is_cut = true;
  closed();
  spare_.with_copy_of(descriptor, [cookie = at->second.cookie](int copy) {
    if (cookie != 0 && cookie_of(copy) == cookie) shutdown(copy, SHUT_RDWR);
  });
}

}  // namespace ccbus::bus
