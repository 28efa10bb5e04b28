#include "service/ordering/kafka/kafka_log.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include "service/base/sha256.h"
#include "service/ordering/kafka/topic_check.h"
#include "service/ordering/kafka/topics.h"

namespace ccbus::ordering::kafka {
namespace {

using namespace std::chrono_literals;

// Brokers need some ten seconds to see that a leader of theirs is dead and to choose another one.
constexpr auto kPatience = 15s;
constexpr std::chrono::seconds kBetweenQuestions{1};
constexpr std::chrono::seconds kBetweenChecks{10};

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

}  // namespace

Result<std::unique_ptr<KafkaLog>> KafkaLog::open(Options options, Logger& logger) {
  std::unique_ptr<KafkaLog> log;
  try {
    log.reset(new KafkaLog(std::move(options), logger));
  } catch (const std::system_error& error) {
    return fail(ErrorCode::kIo, error.what());
  }
  auto reader = Reader::open(log->options_.settings, log->alarm_.descriptor(), logger);
  if (!reader) return unexpected(reader.error());
  log->reader_ = std::move(*reader);
  auto producer = Producer::open(log->options_.settings, log->alarm_.descriptor(), logger);
  if (!producer) return unexpected(producer.error());
  log->producer_ = std::move(*producer);
  log->reader_->begin_at(log->last_.begin());
  log->publish_health(std::chrono::steady_clock::now());
  return log;
}

KafkaLog::KafkaLog(Options options, Logger& logger)
    : options_(std::move(options)),
      logger_(logger),
      identity_(options_.identity),
      last_(options_.applied, options_.applied_hash),
      describe_at_(std::chrono::steady_clock::now()) {}

bool KafkaLog::has_room() const {
  return may_append() && producer_->kept().bundles() < options_.bundles_under_way_max &&
         producer_->kept().bytes() < options_.settings.queue_bytes_max;
}

void KafkaLog::append(Entry entry) {
  const std::uint64_t sequence = entry.id.sequence;
  const bool is_bundle = std::holds_alternative<Bundle>(entry.content);
  producer_->append({sequence, encode_entry(std::move(entry), identity_), is_bundle});
}

void KafkaLog::append_again() {
  producer_->append_again(std::chrono::steady_clock::now());
}

Result<std::optional<Log::Record>> KafkaLog::read(SteadyTime until) {
  if (halted_) return unexpected(*halted_);
  auto record = wait_for_record(until);
  if (record) return record;
  halted_ = record.error();
  producer_->allow(false);
  return record;
}

Result<std::optional<Log::Record>> KafkaLog::wait_for_record(SteadyTime until) {
  for (;;) {
    const SteadyTime now = std::chrono::steady_clock::now();
    const SteadyTime again = turn(now);
    auto record = read_now();
    if (!record || *record) return record;
    producer_->allow(may_append());
    const bool has_news = publish_health(now);
    if (is_woken_.exchange(false) || has_news || until <= now) return std::nullopt;
    alarm_.wait(now, std::min(until, again));
  }
}

// --- What the brokers say ---

SteadyTime KafkaLog::turn(SteadyTime now) {
  SteadyTime again = now + kBetweenQuestions;
  while (const Event event = reader_->events().next()) {
    if (rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT) continue;
    check_topic(*event, now);
  }
  again = std::min(again, producer_->turn(now).value_or(again));
  for (std::string fault : {reader_->events().take_fault(), producer_->take_fault()}) {
    if (!fault.empty()) lose_brokers(std::move(fault));
  }
  if (describe_at_ && *describe_at_ <= now) {
    describe_at_.reset();
    ask_for_topic(reader_->client(), options_.settings.topic, reader_->events().queue());
  }
  return again;
}

// Whatever they answer next is looked at as if it came from other brokers.
void KafkaLog::lose_brokers(std::string why) {
  const bool was_reached = broker_fault_.empty();
  broker_fault_ = std::move(why);
  if (!was_reached) return;
  last_.look_again();
  reader_->begin_at(last_.begin());
}

// Asked for again and again: they can be changed, and the topic can be deleted.
void KafkaLog::check_topic(rd_kafka_event_t& event, SteadyTime now) {
  const auto properties = topic_of(event);
  if (properties && !replicas_) {
    auto replicas = replication_factor_of(reader_->client(), reader_->topic());
    if (replicas) replicas_ = *replicas;
    if (!replicas) topic_fault_ = describe_topic(replicas.error());
  }
  if (!properties) topic_fault_ = describe_topic(properties.error());
  is_topic_safe_ = properties && replicas_ && is_safe(*properties);
  describe_at_ = now + (is_topic_safe_ ? kBetweenChecks : kBetweenQuestions);
}

std::string KafkaLog::describe_topic(const Error& error) const {
  return "the settings of topic '" + options_.settings.topic + "' cannot be read: " + error.message;
}

bool KafkaLog::is_safe(const Properties& topic) {
  std::string unsafe = joined(topic_faults(topic, *replicas_, options_.settings));
  if (!unsafe.empty() && !options_.settings.allow_unsafe) {
    topic_fault_ = "topic '" + options_.settings.topic +
                   "' can lose what it has acknowledged: " + unsafe +
                   ". Change it, or go on all the same with ordering.kafka.allowUnsafe";
    return false;
  }
  if (unsafe != not_durable_) {
    logger_.warn("kafka.not_durable topic={} settings={:?}", options_.settings.topic, unsafe);
    not_durable_ = std::move(unsafe);
  }
  topic_fault_.clear();
  return true;
}

// --- Records ---

Result<std::optional<Log::Record>> KafkaLog::read_now() {
  for (;;) {
    auto next = reader_->next();
    if (!next) return unexpected(std::move(next.error()));
    if (std::holds_alternative<Reader::Nothing>(*next)) return std::nullopt;
    broker_fault_.clear();
    const auto* const record = std::get_if<Reader::Record>(&*next);
    if (record == nullptr) {
      ends_early_ = !last_.is_seen_again();
      continue;
    }
    ends_early_ = false;
    std::string hash = sha256({record->bytes});
    auto is_new = last_.take(record->position, hash);
    if (!is_new) return unexpected(std::move(is_new.error()));
    if (!*is_new) continue;
    auto content = decode_entry(record->bytes, identity_);
    if (!content) {
      return fail(content.error().code, "position " + std::to_string(record->position.value) +
                                            ": " + content.error().message);
    }
    learn_generation(*content, identity_);
    return Record{record->position, std::move(*content), std::move(hash)};
  }
}

// --- Health ---

std::string KafkaLog::fault(SteadyTime now) const {
  if (halted_) return halted_->message;
  if (!broker_fault_.empty()) return broker_fault_;
  if (!reader_->read_fault().empty()) return reader_->read_fault();
  if (!topic_fault_.empty()) return topic_fault_;
  if (!is_topic_safe_) return "no broker has answered yet";
  if (ends_early_) {
    return "the log ends before position " + std::to_string(last_.position().value) +
           ", which is applied here. If it stays so, it has lost entries: `ccbus log reseed` "
           "begins a new generation from the ledger that has most";
  }
  if (!last_.is_seen_again()) return "the last entry was not read again yet";
  if (!producer_->append_fault().empty()) {
    return "an entry was not appended: " + producer_->append_fault();
  }
  const auto oldest = producer_->kept().oldest();
  if (oldest && now - *oldest > kPatience) {
    return "an entry was not acknowledged for more than " +
           std::to_string(std::chrono::seconds(kPatience).count()) + " seconds";
  }
  return {};
}

bool KafkaLog::publish_health(SteadyTime now) {
  LogHealth health{fault(now), not_durable_, reader_->end(), producer_->appended_again()};
  const MutexLock lock(mutex_);
  std::swap(health_, health);
  return health_.fault != health.fault || health_.end.has_value() != health.end.has_value();
}

LogHealth KafkaLog::health() const {
  const MutexLock lock(mutex_);
  return health_;
}

void KafkaLog::wake() {
  is_woken_.store(true);
  alarm_.ring();
}

Result<void> KafkaLog::trim(LogPosition first) {
  return trim_topic(options_.settings, first);
}

}  // namespace ccbus::ordering::kafka
