#include "service/bridge/calls/open_calls.h"

#include <algorithm>
#include <string>
#include <utility>

#include "service/base/assert.h"

namespace ccbus::bridge {

// One call. What its logic asks of gRPC goes through it, so that it is known when the call is over.
class OpenCalls::Entry final : public Rpc {
 public:
  Entry(OpenCalls& calls, std::uint64_t id, Rpc& rpc, std::string caller)
      : from(std::move(caller)), calls_(calls), id_(id), rpc_(&rpc) {}

  void send(std::string message) override {
    if (rpc_ == nullptr) return;
    count(message);
    rpc_->send(std::move(message));
  }
  [[nodiscard]] std::size_t queued_bytes() const override {
    return rpc_ == nullptr ? 0 : rpc_->queued_bytes();
  }
  void consumed(std::size_t bytes) override {
    if (rpc_ != nullptr) rpc_->consumed(bytes);
  }
  void finish(RpcEnd end) override { ended().finish(std::move(end)); }
  void answer(std::string message) override {
    count(message);
    ended().answer(std::move(message));
  }

  [[nodiscard]] bool is_over() const { return rpc_ == nullptr; }

  const std::string from;
  std::unique_ptr<RpcCall> logic;
  bool is_silent = false;  // Somebody has made it, and has sent no message yet.

 private:
  void count(const std::string& message) {
    ++calls_.counters_.messages_sent;
    calls_.counters_.bytes_sent += message.size();
  }
  // Notes that the call is over, and gives what has to be told so.
  Rpc& ended() {
    CCBUS_ASSERT(rpc_ != nullptr);
    calls_.forget_silent(*this);
    calls_.over_.push_back(id_);
    return *std::exchange(rpc_, nullptr);
  }

  OpenCalls& calls_;
  const std::uint64_t id_;
  Rpc* rpc_;  // Null after finish().
};

OpenCalls::OpenCalls(const RpcBytes& bytes, std::size_t calls_max)
    : bytes_(bytes), calls_max_(calls_max) {}

OpenCalls::~OpenCalls() {
  CCBUS_ASSERT(calls_.empty());
}

void OpenCalls::add(std::uint64_t id, Rpc& rpc, const std::string& from, const Start& start) {
  ++counters_.calls;
  auto& entry = *calls_.emplace(id, std::make_unique<Entry>(*this, id, rpc, from)).first->second;
  entry.logic = start(entry);
  CCBUS_ASSERT(entry.logic != nullptr || entry.is_over());
}

void OpenCalls::add_served(Now now, std::uint64_t id, Rpc& rpc, const std::string& from,
                           const Start& start) {
  forget_ended_silent();
  if (calls_.size() >= calls_max_) {
    if (silent_.empty()) return rpc.finish(too_many());
    finish_silent();
  }
  add(id, rpc, from, start);
  const auto at = calls_.find(id);
  if (at->second->is_over()) return;
  at->second->is_silent = true;
  ++silent_of_[from];
  silent_.push_back({now.steady + kFirstMessageMax, id});
  // Calls that have ended stay behind one that is silent. However many come, that is bounded.
  if (silent_.size() > 2 * calls_max_) {
    std::erase_if(silent_, [this](const Silent& each) { return !is_silent(each.id); });
  }
}

void OpenCalls::finish_silent() {
  constexpr std::size_t kLookedAt = 64;
  std::uint64_t chosen = silent_.front().id;  // Is silent: forget_ended_silent() has seen to it.
  std::size_t most = 0;
  for (std::size_t i = 0; i < std::min(silent_.size(), kLookedAt); ++i) {
    if (!is_silent(silent_[i].id)) continue;
    const std::size_t count = silent_of_.at(calls_.at(silent_[i].id)->from);
    if (count > most) chosen = silent_[i].id;
    most = std::max(most, count);
  }
  finish(chosen, too_many());
}

void OpenCalls::forget_silent(Entry& entry) {
  if (!std::exchange(entry.is_silent, false)) return;
  const auto at = silent_of_.find(entry.from);
  if (--at->second == 0) silent_of_.erase(at);
}

RpcEnd OpenCalls::too_many() const {
  return rpc_end(RpcCode::kResourceExhausted, "too many calls are open, exceeding limits.calls (" +
                                                  std::to_string(calls_max_) + ")");
}

bool OpenCalls::is_silent(std::uint64_t id) const {
  const auto at = calls_.find(id);
  return at != calls_.end() && at->second->is_silent;
}

void OpenCalls::forget_ended_silent() {
  while (!silent_.empty()) {
    if (is_silent(silent_.front().id)) return;
    silent_.pop_front();
  }
}

std::optional<SteadyTime> OpenCalls::next_deadline() const {
  return silent_.empty() ? std::nullopt : std::optional(silent_.front().until);
}

void OpenCalls::on_timer(Now now) {
  forget_ended_silent();
  while (!silent_.empty() && silent_.front().until <= now.steady) {
    finish(silent_.front().id, rpc_end(RpcCode::kDeadlineExceeded,
                                       "no message has come within " +
                                           std::to_string(kFirstMessageMax.count()) + " s"));
    forget_ended_silent();
  }
}

void OpenCalls::on_event(Now now, Event event) {
  const auto at = calls_.find(event.id);
  if (at == calls_.end() || at->second->is_over()) return;
  RpcCall& call = *at->second->logic;
  if (event.kind == Event::Kind::kMessage) {
    forget_silent(*at->second);
    ++counters_.messages_received;
    counters_.bytes_received += event.text.size();
  }
  if (event.kind == Event::Kind::kMessage && bytes_.is_exceeded()) {
    return at->second->finish(
        rpc_end(RpcCode::kResourceExhausted,
                "the messages of all calls take " + std::to_string(bytes_.held()) +
                    " bytes, exceeding limits.bytes (" + std::to_string(bytes_.max()) + ")"));
  }
  switch (event.kind) {
    case Event::Kind::kMessage: return call.on_message(now, std::move(event.text));
    case Event::Kind::kHalfClosed: return call.on_half_closed(now);
    case Event::Kind::kGone: return call.on_gone(now);
    case Event::Kind::kRoom: return call.on_room(now);
    case Event::Kind::kServed:
    case Event::Kind::kEnded:
    case Event::Kind::kFrameSent:
    case Event::Kind::kTask: break;
  }
  CCBUS_ASSERT(false);
}

std::vector<OpenCalls::Call> OpenCalls::report() const {
  std::vector<Call> report;
  for (const auto& [id, entry] : calls_) {
    if (!entry->is_over()) report.push_back({entry->from, entry->logic->what()});
  }
  return report;
}

void OpenCalls::sweep() {
  for (const std::uint64_t id : std::exchange(over_, {})) calls_.erase(id);
}

void OpenCalls::finish(std::uint64_t id, RpcEnd end) {
  const auto at = calls_.find(id);
  if (at != calls_.end() && !at->second->is_over()) at->second->finish(std::move(end));
}

void OpenCalls::finish_all(const RpcEnd& end) {
  for (const auto& [id, entry] : calls_) {
    if (!entry->is_over()) entry->finish(end);
  }
  sweep();
}

}  // namespace ccbus::bridge
