#include "service/ordering/log_feed.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace ccbus::ordering {
namespace {

using Next = BatchSource::Next;

// What was taken when the process is told to end, a log that is out of reach must not hold up.
constexpr std::chrono::seconds kDrain{5};

void count(std::atomic<std::uint64_t>& counter) {
  counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

LogFeed::LogFeed(const Limits& limits, Log& log, EnvelopeQueue& queue, LogState applied,
                 std::optional<Member> member)
    : log_(log),
      queue_(queue),
      member_(std::move(member)),
      cutter_(limits),
      state_(std::move(applied)),
      rules_(std::move(state_.rows)) {
  if (!member_) epoch_ = 0;
}

LogFeed::PassedOver LogFeed::passed_over() const {
  return {foreign_.load(std::memory_order_relaxed), duplicates_.load(std::memory_order_relaxed),
          gaps_.load(std::memory_order_relaxed), fenced_.load(std::memory_order_relaxed)};
}

Next LogFeed::next(SteadyTime until) {
  for (;;) {
    if (is_halted_) {
      return {queue_.wait_for_stop(until) ? Next::Kind::kEnded : Next::Kind::kNothingYet};
    }
    if (member_ && !has_joined_) begin();
    propose();
    auto record = log_.read(drained_by_ ? std::min(until, *drained_by_) : until);
    if (!record) return halt(std::move(record.error()));
    if (*record) {
      auto batch = take(std::move(**record));
      if (!batch) return halt(std::move(batch.error()));
      if (*batch) return {Next::Kind::kBatch, std::move(**batch)};
      continue;
    }
    const bool has_news = tell_fault();
    if (is_drained()) return {Next::Kind::kEnded};
    if (has_news || until <= std::chrono::steady_clock::now()) return {Next::Kind::kNothingYet};
  }
}

// --- Appending ---

// Whoever finds the log empty begins it. Of several, the first one has.
void LogFeed::begin() {
  if (!log_.generation().empty()) return join();
  if (has_begun_ || log_.health().end != LogPosition{0}) return;
  has_begun_ = true;
  log_.append({{member_->replica, 0, 0}, Genesis{member_->nonce}});
}

// The epoch that it names can be an old one, as long as this process has not read to the end.
void LogFeed::join() {
  has_joined_ = true;
  const auto row = rules_.rows().find(member_->replica);
  const std::uint64_t epoch = row == rules_.rows().end() ? 0 : row->second.epoch;
  log_.append({{member_->replica, 0, 0}, Join{member_->nonce, member_->addresses, epoch}});
}

void LogFeed::propose() {
  while (epoch_ && log_.has_room()) {
    if (closed_.empty()) collect();
    if (!closed_.empty()) {
      append(std::move(closed_.front()));
      closed_.pop_front();
    } else if (cutter_.has_pending()) {
      append(cutter_.cut());
    } else {
      return;
    }
  }
}

// While envelopes keep coming, bundles fill up.
void LogFeed::collect() {
  for (Batch arrived = queue_.take(); !arrived.empty(); arrived = queue_.take()) {
    for (OrderedEnvelope& envelope : arrived) {
      for (Batch& closed : cutter_.add(std::move(envelope))) closed_.push_back(std::move(closed));
    }
    if (!closed_.empty()) return;
  }
}

void LogFeed::append(Batch batch) {
  UnderWay& under_way = under_way_.emplace_back();
  under_way.origins.reserve(batch.size());
  for (const OrderedEnvelope& envelope : batch) {
    under_way.origins.push_back({envelope.client, envelope.ordered});
  }
  log_.append({{member_ ? member_->replica : std::string(), *epoch_, ++sequence_},
               Bundle{std::move(batch)}});
}

// --- Reading ---

Result<std::optional<OrderedBatch>> LogFeed::take(Log::Record record) {
  state_.entry_hash = std::move(record.hash);
  auto* const entry = std::get_if<Entry>(&record.content);
  if (entry == nullptr) {
    count(foreign_);
    return std::nullopt;
  }
  if (const auto* const genesis = std::get_if<Genesis>(&entry->content)) {
    return see_genesis(*genesis);
  }
  auto counts = judge(record.position, *entry);
  if (!counts) return unexpected(std::move(counts.error()));
  if (!*counts) return std::nullopt;
  const bool is_own = is_of_this_process(entry->id);
  if (is_own) log_.let_go(entry->id.sequence);
  auto* const bundle = std::get_if<Bundle>(&entry->content);
  if (bundle == nullptr) return std::nullopt;
  if (is_own) {
    if (auto known = restore_origins(bundle->envelopes); !known) return unexpected(known.error());
  }
  return OrderedBatch{std::move(bundle->envelopes), record.position,
                      member_
                          ? encode_log_state({state_.generation, state_.entry_hash, rules_.rows()})
                          : std::string()};
}

Result<std::optional<OrderedBatch>> LogFeed::see_genesis(const Genesis& genesis) {
  if (!state_.generation.empty()) {
    count(duplicates_);
  } else if (genesis.start.height > 0) {
    return fail(ErrorCode::kPrecondition,
                "the channel had " + std::to_string(genesis.start.height) +
                    " blocks when its log began, and this ledger has none: start from a checkpoint "
                    "of another replica");
  } else {
    state_.generation = genesis.generation;
    if (has_begun_) log_.let_go(0);
  }
  return std::nullopt;
}

Result<bool> LogFeed::judge(LogPosition at, const Entry& entry) {
  if (!member_) return true;
  switch (rules_.judge(at, entry)) {
    case EntryRules::Verdict::kApply:
      if (auto seen = see_membership(at, entry); !seen) return unexpected(std::move(seen.error()));
      return true;
    case EntryRules::Verdict::kDuplicate: count(duplicates_); return false;
    case EntryRules::Verdict::kFenced:
      count(fenced_);
      if (is_own_join(entry) && !epoch_) {
        log_.let_go(0);
        join();
      }
      return false;
    case EntryRules::Verdict::kGap:
      count(gaps_);
      if (is_of_this_process(entry.id)) log_.append_again();
      return false;
  }
  return false;
}

// What others may do to this replica: begin an epoch in its name, or end it.
Result<void> LogFeed::see_membership(LogPosition at, const Entry& entry) {
  if (entry.id.replica != member_->replica) return {};
  if (std::holds_alternative<Join>(entry.content)) {
    if (is_own_join(entry)) {
      epoch_ = at.value;
      log_.let_go(0);
    } else if (epoch_) {
      return fail(ErrorCode::kPrecondition,
                  "another process has joined the log as replica '" + member_->replica +
                      "' at position " + std::to_string(at.value) +
                      ": give one of the two another ordering.replica, and start it again");
    }
  } else if (std::holds_alternative<Leave>(entry.content) && epoch_) {
    return fail(ErrorCode::kPrecondition, "replica '" + member_->replica +
                                              "' was removed from the log at position " +
                                              std::to_string(at.value));
  }
  return {};
}

bool LogFeed::is_own_join(const Entry& entry) const {
  const auto* const join = std::get_if<Join>(&entry.content);
  return join != nullptr && entry.id.replica == member_->replica && join->nonce == member_->nonce;
}

bool LogFeed::is_of_this_process(const EntryId& id) const {
  return epoch_ && id.epoch == *epoch_ && (!member_ || id.replica == member_->replica);
}

// The log carries an envelope, and not for whom it was taken.
Result<void> LogFeed::restore_origins(std::vector<OrderedEnvelope>& envelopes) {
  if (under_way_.empty() || under_way_.front().origins.size() != envelopes.size()) {
    return fail(ErrorCode::kPrecondition,
                "the log has a bundle of replica '" + member_->replica +
                    "' that this process, which is that replica, did not append: somebody else "
                    "writes in its name");
  }
  const UnderWay under_way = std::move(under_way_.front());
  under_way_.pop_front();
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    envelopes[i].client = under_way.origins[i].client;
    envelopes[i].ordered = under_way.origins[i].ordered;
  }
  queue_.give_back(envelopes);
  return {};
}

// --- The end ---

bool LogFeed::is_drained() {
  if (!queue_.is_stopped()) return false;
  const SteadyTime now = std::chrono::steady_clock::now();
  if (!drained_by_) drained_by_ = now + kDrain;
  return queue_.waiting() == 0 || *drained_by_ <= now;
}

Next LogFeed::halt(Error why) {
  is_halted_ = true;
  queue_.refuse(EnvelopeQueue::Refuser::kLog,
                {ErrorCode::kUnavailable, "the channel goes no further: " + why.message});
  return {Next::Kind::kHalted, {}, std::move(why)};
}

bool LogFeed::tell_fault() {
  std::string fault = log_.health().fault;
  if (fault == fault_) return false;
  fault_ = std::move(fault);
  if (fault_.empty()) {
    queue_.accept(EnvelopeQueue::Refuser::kLog);
  } else {
    queue_.refuse(EnvelopeQueue::Refuser::kLog,
                  {ErrorCode::kUnavailable, "the log of the channel cannot be reached: " + fault_});
  }
  return true;
}

}  // namespace ccbus::ordering
