#include "tests/simulation/engine/network.h"

#include <algorithm>
#include <utility>

namespace ccbus::simulation {
namespace {

constexpr std::size_t kMessagesPerTurn = 4;

}  // namespace

LinkId Network::connect() {
  const LinkId id{++last_link_};
  links_[id];
  return id;
}

Network::Link* Network::find(LinkId id) {
  const auto at = links_.find(id);
  return at == links_.end() ? nullptr : &at->second;
}

std::string Network::text(PeerId peer) const {
  return options_.name + " " + std::to_string(peer.value);
}

void Network::send(LinkId id, std::string frame) {
  Link* link = find(id);
  if (link != nullptr && link->is_open) link->to_service.push_back({std::move(frame)});
}

void Network::send_frames(LinkId id, std::size_t frames) {
  Link* link = find(id);
  if (link != nullptr && link->is_open) link->to_service.push_back({"", frames});
}

void Network::leave(LinkId id) {
  Link* link = find(id);
  if (link == nullptr || !link->is_open) return;
  link->is_open = false;
  const std::size_t kept = chance_.between(0, link->to_service.size());
  link->to_service.resize(kept);
  link->pipe.clear();
  drop_backlog(*link);
  trace_.add(text(link->peer) + " leaves, " + std::to_string(kept) + " under way");
  remove_if_done(id);
}

std::optional<std::string> Network::receive(LinkId id) {
  Link* link = find(id);
  if (link == nullptr || link->pipe.empty()) return std::nullopt;
  std::string frame = std::move(link->pipe.front());
  link->pipe.pop_front();
  fill_pipe(*link);
  return frame;
}

bool Network::has_frame(LinkId id) const {
  const auto at = links_.find(id);
  return at != links_.end() && !at->second.pipe.empty();
}

bool Network::is_open(LinkId id) const {
  const auto at = links_.find(id);
  return at != links_.end() && at->second.is_open;
}

Result<void> Network::send(PeerId peer, std::string frame) {
  const auto at = peers_.find(peer);
  if (at == peers_.end()) return fail(ErrorCode::kPeerGone, "the peer has left");
  if (frame.size() > options_.message_bytes_max) {
    return fail(ErrorCode::kInvalid, "a message of " + std::to_string(frame.size()) + " bytes");
  }
  Link& link = links_.at(at->second);
  if (!link.is_open) return {};  // It has left, and the service does not know it yet.
  if (link.backlog.size() >= options_.backlog_messages_max ||
      link.backlog_bytes + frame.size() > options_.backlog_bytes_max) {
    trace_.add(text(peer) + " has a full queue");
    return fail(ErrorCode::kExhausted, "its queue is full");
  }
  make_room_in_total(frame.size());
  link.backlog_bytes += frame.size();
  queued_bytes_ += frame.size();
  link.backlog.push_back(std::move(frame));
  fill_pipe(link);
  return {};
}

void Network::send_end(PeerId peer) {
  const auto at = peers_.find(peer);
  if (at == peers_.end()) return;
  if (send(peer, "")) return;
  Link& link = links_.at(at->second);
  drop_backlog(link);
  link.backlog.emplace_back();
  fill_pipe(link);
}

void Network::cut(PeerId peer) {
  const auto at = peers_.find(peer);
  if (at == peers_.end()) return;
  Link& link = links_.at(at->second);
  if (!link.is_open) return;
  link.is_cut = true;
  link.is_open = false;
  link.to_service.resize(chance_.between(0, link.to_service.size()));
  link.pipe.clear();
  drop_backlog(link);
  trace_.add(text(peer) + " is cut");
}

void Network::make_room_in_total(std::size_t bytes) {
  if (queued_bytes_ + bytes <= options_.backlog_total_max) return;
  const auto largest =
      std::max_element(peers_.begin(), peers_.end(), [this](const auto& a, const auto& b) {
        return links_.at(a.second).backlog_bytes < links_.at(b.second).backlog_bytes;
      });
  cut(largest->first);
}

void Network::fill_pipe(Link& link) {
  while (!link.backlog.empty() && link.pipe.size() < options_.pipe_messages_max) {
    link.backlog_bytes -= link.backlog.front().size();
    queued_bytes_ -= link.backlog.front().size();
    link.pipe.push_back(std::move(link.backlog.front()));
    link.backlog.pop_front();
  }
}

void Network::drop_backlog(Link& link) {
  queued_bytes_ -= std::exchange(link.backlog_bytes, 0);
  link.backlog.clear();
}

bool Network::has_message() const {
  return std::ranges::any_of(links_, [](const auto& at) { return !at.second.to_service.empty(); });
}

bool Network::has_end() const {
  return std::ranges::any_of(
      links_, [](const auto& at) { return !at.second.is_open && !at.second.is_over; });
}

void Network::deliver(ServiceEnd& service) {
  std::vector<LinkId> ready;
  for (const auto& [id, link] : links_) {
    if (!link.to_service.empty()) ready.push_back(id);
  }
  if (ready.empty()) return;
  const LinkId id = chance_.one_of(ready);
  for (std::size_t left = chance_.between(1, kMessagesPerTurn); left > 0; --left) {
    Link* link = find(id);
    if (link == nullptr || link->to_service.empty()) break;
    const Message message = std::move(link->to_service.front());
    link->to_service.pop_front();
    hand_over(service, id, message);
  }
  flush(service);
  remove_if_done(id);
}

// A message that finds no peer makes one. Its connection may have ended before: then the monitor
// has said so.
void Network::hand_over(ServiceEnd& service, LinkId id, const Message& message) {
  Link& link = links_.at(id);
  if (link.peer == PeerId{0}) {
    if (!link.is_open) link.is_over = true;
    if (link.is_over && !options_.handles_last_messages) {
      trace_.add(options_.name + " a late message is dropped");
      return;
    }
    meet(id, link);
  }
  const PeerId peer = link.peer;
  trace_.add(text(peer) + " -> " + std::to_string(message.frame.size()) + " bytes");
  if (link.is_refused) {
    service.on_malformed(peer, "too many connections");
  } else if (message.frames > 1) {
    service.on_malformed(peer, "a message of several frames: one is allowed");
  } else {
    service.on_message(peer, message.frame);
  }
}

void Network::meet(LinkId id, Link& link) {
  link.is_refused = peers_.size() >= options_.peers_max;
  link.peer = PeerId{++last_peer_};
  peers_.emplace(link.peer, id);
  if (link.is_over) found_gone_.push_back(link.peer);
}

void Network::flush(ServiceEnd& service) {
  for (const PeerId peer : std::exchange(found_gone_, {})) {
    const auto at = peers_.find(peer);
    if (at != peers_.end()) forget(service, links_.at(at->second));
  }
  std::vector<PeerId> refused;
  for (const auto& [peer, id] : peers_) {
    if (links_.at(id).is_refused) refused.push_back(peer);
  }
  for (const PeerId peer : refused) cut(peer);
}

void Network::forget(ServiceEnd& service, Link& link) {
  const PeerId peer = std::exchange(link.peer, PeerId{0});
  if (peer == PeerId{0}) return;
  peers_.erase(peer);
  trace_.add(text(peer) + " is gone");
  service.on_peer_gone(peer);
}

void Network::report_end(ServiceEnd& service) {
  std::vector<LinkId> ended;
  for (const auto& [id, link] : links_) {
    if (!link.is_open && !link.is_over) ended.push_back(id);
  }
  if (ended.empty()) return;
  const LinkId id = chance_.one_of(ended);
  Link& link = links_.at(id);
  link.is_over = true;
  forget(service, link);
  remove_if_done(id);
}

void Network::remove_if_done(LinkId id) {
  const Link* link = find(id);
  if (link == nullptr || link->is_open || !link->to_service.empty()) return;
  if (link->peer == PeerId{0}) links_.erase(id);
}

void Network::lose_all() {
  links_.clear();
  peers_.clear();
  found_gone_.clear();
  queued_bytes_ = 0;
}

}  // namespace ccbus::simulation
