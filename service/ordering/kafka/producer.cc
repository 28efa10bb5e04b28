#include "service/ordering/kafka/producer.h"

#include <chrono>
#include <utility>

namespace ccbus::ordering::kafka {
namespace {

constexpr std::chrono::milliseconds kBetweenTries{200};

}  // namespace

Result<std::unique_ptr<Producer>> Producer::open(const Settings& settings, int event_descriptor,
                                                 Logger& logger) {
  std::unique_ptr<Producer> producer(new Producer(settings, event_descriptor, logger));
  if (auto connected = producer->connect(); !connected) return unexpected(connected.error());
  return producer;
}

Result<void> Producer::connect() {
  auto client = make_client(RD_KAFKA_PRODUCER, producer_properties(settings_));
  if (!client) return unexpected(client.error());
  client_ = std::move(*client);
  topic_.reset(rd_kafka_topic_new(client_.get(), settings_.topic.c_str(), nullptr));
  if (topic_ == nullptr) return fail(ErrorCode::kInvalid, describe(rd_kafka_last_error()));
  events_.emplace(client_.get(), logger_);
  notify(events_->queue(), event_descriptor_);
  return {};
}

// After a fatal error nothing more comes of a client. What it had under way may stand in the log or
// not; the one in its place appends it again.
void Producer::disconnect() {
  logger_.warn("kafka.producer_failed topic={} kept={}", settings_.topic, kept_.entries().size());
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  events_.reset();
  topic_.reset();
  client_.reset();
  under_way_ = 0;
}

void Producer::append(KeptEntries::Kept entry) {
  const SteadyTime now = entry.since;
  const KeptEntries::Kept& kept = kept_.add(std::move(entry));
  if (is_allowed_ && events_ && !again_at_) send(kept.bytes, now);
}

void Producer::allow(bool is_allowed) {
  if (std::exchange(is_allowed_, is_allowed) == is_allowed || !is_allowed) return;
  append_again(std::chrono::steady_clock::now());
}

std::optional<SteadyTime> Producer::turn(SteadyTime now) {
  while (const Event event = events_ ? events_->next() : Event()) {
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR) on_reports(*event, now);
  }
  if (events_ && events_->is_fatal()) {
    disconnect();
    append_again(now + kBetweenTries);
  }
  if (!events_) {
    if (auto connected = connect(); !connected) {
      topic_.reset();
      client_.reset();
      append_fault_ = connected.error().message;
      return now + kBetweenTries;
    }
  }
  if (!again_at_ || !is_allowed_ || under_way_ > 0) return std::nullopt;
  if (*again_at_ > now) return again_at_;
  again_at_.reset();
  send_all(now);
  return again_at_;
}

void Producer::send_all(SteadyTime now) {
  for (const KeptEntries::Kept& kept : kept_.entries()) {
    if (again_at_) return;  // The client takes no more for the moment.
    send(kept.bytes, now);
    ++appended_again_;
  }
}

void Producer::send(const std::string& bytes, SteadyTime now) {
  const int failed =
      rd_kafka_produce(topic_.get(), kPartition, RD_KAFKA_MSG_F_COPY,
                       const_cast<char*>(bytes.data()), bytes.size(), nullptr, 0, nullptr);
  if (failed == 0) {
    ++under_way_;
    return;
  }
  const rd_kafka_resp_err_t error = rd_kafka_last_error();
  if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) append_fault_ = describe(error);
  append_again(now + kBetweenTries);
}

void Producer::on_reports(rd_kafka_event_t& event, SteadyTime now) {
  while (const rd_kafka_message_t* report = rd_kafka_event_message_next(&event)) {
    --under_way_;
    if (report->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      append_fault_.clear();
      continue;
    }
    logger_.warn("kafka.not_appended topic={} error={}", settings_.topic,
                 rd_kafka_err2name(report->err));
    append_fault_ = describe(report->err);
    append_again(now + kBetweenTries);
  }
}

}  // namespace ccbus::ordering::kafka
