#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "service/base/log.h"
#include "service/base/mutex.h"
#include "service/ordering/kafka/alarm.h"
#include "service/ordering/kafka/producer.h"
#include "service/ordering/kafka/reader.h"
#include "service/ordering/kafka/settings.h"
#include "service/ordering/log/last_read.h"
#include "service/ordering/log/log.h"

namespace ccbus::ordering::kafka {

// A log in the only partition of a Kafka topic. Nothing is appended before the topic's settings are
// known to be safe, and the entry that the ledger has applied last was found in its place; the
// second is looked at again whenever the brokers were out of reach.
class KafkaLog final : public Log {
 public:
  struct Options {
    Settings settings;
    LogIdentity identity;
    LogPosition applied = {};  // What the ledger has of it.
    std::string applied_hash = {};
    std::size_t bundles_under_way_max = 4;
  };

  // Connects in the background. The logger outlives it.
  // Errors: kInvalid a setting; kIo the system has no descriptor left.
  [[nodiscard]] static Result<std::unique_ptr<KafkaLog>> open(Options options, Logger& logger);

  [[nodiscard]] bool has_room() const override;
  [[nodiscard]] const std::string& generation() const override { return identity_.generation; }
  void append(Entry entry) override;
  void let_go(std::uint64_t sequence) override { producer_->let_go(sequence); }
  void append_again() override;
  [[nodiscard]] Result<std::optional<Record>> read(SteadyTime until) override;
  void wake() override;
  [[nodiscard]] LogHealth health() const override;
  [[nodiscard]] Result<void> trim(LogPosition first) override;

 private:
  KafkaLog(Options options, Logger& logger);

  [[nodiscard]] Result<std::optional<Record>> wait_for_record(SteadyTime until);
  [[nodiscard]] Result<std::optional<Record>> read_now();
  // Returns when there is something to do again, if the brokers say nothing.
  [[nodiscard]] SteadyTime turn(SteadyTime now);
  void lose_brokers(std::string why);
  void check_topic(rd_kafka_event_t& event, SteadyTime now);
  [[nodiscard]] std::string describe_topic(const Error& error) const;
  [[nodiscard]] bool is_safe(const Properties& topic);
  [[nodiscard]] std::string fault(SteadyTime now) const;
  // Returns whether it has changed.
  bool publish_health(SteadyTime now);
  [[nodiscard]] bool may_append() const { return is_topic_safe_ && last_.is_seen_again(); }

  // Set once, then read only.
  const Options options_;
  Logger& logger_;
  const Alarm alarm_;

  // Committer thread only.
  LogIdentity identity_;
  std::unique_ptr<Producer> producer_;
  std::unique_ptr<Reader> reader_;
  LastRead last_;
  std::optional<Error> halted_;
  std::string broker_fault_;     // Why no broker is reached; empty as soon as one has answered.
  std::string topic_fault_;      // Why the topic may not be used.
  std::optional<int> replicas_;  // How many copies the partition has.
  std::string not_durable_;      // What of them is not safe, if that is allowed.
  bool is_topic_safe_ = false;
  bool ends_early_ = false;  // The log ends in front of the entry that was read last.
  std::optional<SteadyTime> describe_at_;

  std::atomic<bool> is_woken_{false};

  mutable Mutex mutex_;
  LogHealth health_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::ordering::kafka
