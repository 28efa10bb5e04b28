#include "tests/support/simulated_log.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>
#include <variant>

#include "service/base/sha256.h"

namespace ccbus::test {

using ordering::Bundle;

// --- The topic ---

bool SimulatedTopic::append(std::string bytes) {
  const MutexLock lock(mutex_);
  if (is_cut_ || happens(faults_.lost)) return false;
  if (happens(faults_.delayed)) {
    delayed_.push_back(
        {std::move(bytes), 1 + static_cast<unsigned>(chance_()) % faults_.delay_max});
    return !happens(faults_.unanswered);
  }
  if (happens(faults_.doubled)) records_.push_back(bytes);
  records_.push_back(std::move(bytes));
  return !happens(faults_.unanswered);
}

void SimulatedTopic::turn() {
  const MutexLock lock(mutex_);
  for (Delayed& each : delayed_) {
    if (--each.turns == 0) records_.push_back(each.bytes);
  }
  std::erase_if(delayed_, [](const Delayed& each) { return each.turns == 0; });
}

Result<std::optional<SimulatedTopic::Held>> SimulatedTopic::at(LogPosition position) const {
  const MutexLock lock(mutex_);
  if (position.value <= trimmed_) {
    return fail(ErrorCode::kPrecondition, "the log begins at position " +
                                              std::to_string(trimmed_ + 1) + ", and position " +
                                              std::to_string(position.value) + " is to be read");
  }
  if (position.value > records_.size()) return std::nullopt;
  return Held{position, records_[position.value - 1]};
}

LogPosition SimulatedTopic::end() const {
  const MutexLock lock(mutex_);
  return {records_.size()};
}

void SimulatedTopic::cut(bool is_cut) {
  const MutexLock lock(mutex_);
  is_cut_ = is_cut;
}

bool SimulatedTopic::is_cut() const {
  const MutexLock lock(mutex_);
  return is_cut_;
}

void SimulatedTopic::trim(LogPosition first) {
  const MutexLock lock(mutex_);
  trimmed_ = std::max(trimmed_, first.value - 1);
}

void SimulatedTopic::lose_tail(std::size_t records) {
  const MutexLock lock(mutex_);
  records_.resize(records_.size() - std::min(records, records_.size()));
}

void SimulatedTopic::make_anew() {
  const MutexLock lock(mutex_);
  records_.clear();
  delayed_.clear();
  trimmed_ = 0;
}

// --- The log ---

void SimulatedLog::append(ordering::Entry entry) {
  const std::uint64_t sequence = entry.id.sequence;
  const bool is_bundle = std::holds_alternative<Bundle>(entry.content);
  const auto& kept = kept_.add({sequence, encode_entry(std::move(entry), identity_), is_bundle});
  if (last_.is_seen_again()) send(kept.bytes);
}

void SimulatedLog::send(const std::string& bytes) {
  if (!topic_.append(bytes)) has_failed_ = true;
}

void SimulatedLog::append_again() {
  has_failed_ = false;
  for (const auto& kept : kept_.entries()) {
    send(kept.bytes);
    ++appended_again_;
  }
}

Result<std::optional<ordering::Log::Record>> SimulatedLog::read(SteadyTime until) {
  for (;;) {
    auto record = read_now();
    if (!record || *record) return record;
    topic_.turn();
    if (std::exchange(was_told_cut_, was_cut_) != was_cut_) return std::nullopt;
    if (has_failed_ && last_.is_seen_again()) append_again();
    if (std::chrono::steady_clock::now() >= until || sleep()) return std::nullopt;
  }
}

Result<std::optional<ordering::Log::Record>> SimulatedLog::read_now() {
  if (halted_) return unexpected(*halted_);
  const auto halt = [this](Error why) -> Result<std::optional<Record>> {
    halted_ = why;
    return unexpected(std::move(why));
  };
  if (std::exchange(was_cut_, topic_.is_cut()) && !was_cut_) last_.look_again();
  if (was_cut_) return std::nullopt;
  for (;;) {
    auto held = topic_.at(last_.begin());
    if (!held) return halt(std::move(held.error()));
    if (!*held) return std::nullopt;
    std::string hash = sha256({(*held)->bytes});
    const bool was_unseen = !last_.is_seen_again();
    auto is_new = last_.take((*held)->position, hash);
    if (!is_new) return halt(std::move(is_new.error()));
    if (was_unseen) append_again();
    if (!*is_new) continue;
    auto content = ordering::decode_entry((*held)->bytes, identity_);
    if (!content) return halt(std::move(content.error()));
    learn_generation(*content, identity_);
    return Record{(*held)->position, std::move(*content), std::move(hash)};
  }
}

bool SimulatedLog::sleep() {
  const MutexLock lock(mutex_);
  if (!is_woken_) {
    woken_.wait_until(mutex_, std::chrono::steady_clock::now() + std::chrono::milliseconds(1));
  }
  return std::exchange(is_woken_, false);
}

void SimulatedLog::wake() {
  {
    const MutexLock lock(mutex_);
    is_woken_ = true;
  }
  woken_.notify_one();
}

ordering::LogHealth SimulatedLog::health() const {
  return {
      topic_.is_cut() ? "the simulated topic is cut off" : "", {}, topic_.end(), appended_again_};
}

Result<void> SimulatedLog::trim(LogPosition first) {
  topic_.trim(first);
  return {};
}

}  // namespace ccbus::test
