#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "service/base/mutex.h"
#include "service/ordering/log/kept_entries.h"
#include "service/ordering/log/last_read.h"
#include "service/ordering/log/log.h"

namespace ccbus::test {

// What brokers hold of one log, for any number of SimulatedLogs. It drops, doubles and delays what
// is appended, from a seed; what it holds stays, unless it is told otherwise.
//
// Thread: any.
class SimulatedTopic {
 public:
  struct Faults {  // Of 100 appends, how many.
    unsigned lost = 0;
    unsigned doubled = 0;
    unsigned unanswered = 0;  // They arrive, and their appender is told that they failed.
    unsigned delayed = 0;     // By up to delay_max turns, so that later ones overtake them.
    unsigned delay_max = 20;
  };

  SimulatedTopic() : SimulatedTopic(Faults()) {}
  explicit SimulatedTopic(Faults faults, std::uint32_t seed = 1) : faults_(faults), chance_(seed) {}

  // Whether the appender learns that the record arrived. One that it is not told of may have.
  [[nodiscard]] bool append(std::string bytes);

  // Lets time pass: what was delayed comes nearer.
  void turn();

  struct Held {
    LogPosition position;
    std::string bytes;
  };
  // The first record at or behind a position; nullopt: the log ends before it.
  // Errors: kPrecondition it was trimmed.
  [[nodiscard]] Result<std::optional<Held>> at(LogPosition position) const;
  [[nodiscard]] LogPosition end() const;

  // No append arrives, and nothing can be read.
  void cut(bool is_cut);
  [[nodiscard]] bool is_cut() const;

  void trim(LogPosition first);
  void lose_tail(std::size_t records);  // What must not happen to a log.
  void make_anew();

 private:
  struct Delayed {
    std::string bytes;
    unsigned turns = 0;
  };
  [[nodiscard]] bool happens(unsigned percent) CCBUS_REQUIRES(mutex_) {
    return chance_() % 100 < percent;
  }

  const Faults faults_;
  mutable Mutex mutex_;
  std::mt19937 chance_ CCBUS_GUARDED_BY(mutex_);
  std::vector<std::string> records_ CCBUS_GUARDED_BY(mutex_);
  std::vector<Delayed> delayed_ CCBUS_GUARDED_BY(mutex_);
  std::uint64_t trimmed_ CCBUS_GUARDED_BY(mutex_) = 0;  // Positions up to it are gone.
  bool is_cut_ CCBUS_GUARDED_BY(mutex_) = false;
};

// A log over a SimulatedTopic, with the rules that every log over a network has.
class SimulatedLog final : public ordering::Log {
 public:
  struct Options {
    ordering::LogIdentity identity;
    LogPosition applied = {};
    std::string applied_hash = {};
    std::size_t bundles_under_way_max = 3;
  };

  // The topic outlives it.
  SimulatedLog(SimulatedTopic& topic, Options options)
      : topic_(topic),
        options_(std::move(options)),
        identity_(options_.identity),
        last_(options_.applied, options_.applied_hash) {}

  [[nodiscard]] bool has_room() const override {
    return last_.is_seen_again() && kept_.bundles() < options_.bundles_under_way_max;
  }
  [[nodiscard]] const std::string& generation() const override { return identity_.generation; }
  void append(ordering::Entry entry) override;
  void let_go(std::uint64_t sequence) override { kept_.let_go(sequence); }
  void append_again() override;
  [[nodiscard]] Result<std::optional<Record>> read(SteadyTime until) override;
  void wake() override;
  [[nodiscard]] ordering::LogHealth health() const override;
  [[nodiscard]] Result<void> trim(LogPosition first) override;

 private:
  [[nodiscard]] Result<std::optional<Record>> read_now();
  void send(const std::string& bytes);
  // Returns whether it was woken.
  [[nodiscard]] bool sleep();

  SimulatedTopic& topic_;
  const Options options_;
  ordering::LogIdentity identity_;
  ordering::LastRead last_;
  ordering::KeptEntries kept_;
  std::optional<Error> halted_;
  bool has_failed_ = false;  // An append, since the last one of append_again().
  bool was_cut_ = false;
  bool was_told_cut_ = false;  // By the read that ended early.
  std::uint64_t appended_again_ = 0;

  Mutex mutex_;
  Condition woken_;
  bool is_woken_ CCBUS_GUARDED_BY(mutex_) = false;
};

}  // namespace ccbus::test
