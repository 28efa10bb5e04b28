#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "service/base/clock.h"
#include "service/base/log.h"
#include "service/base/result.h"
#include "service/ordering/kafka/client_events.h"
#include "service/ordering/kafka/settings.h"
#include "service/ordering/log/kept_entries.h"

namespace ccbus::ordering::kafka {

// Appends a replica's entries to the partition, and appends all of them again when one of them may
// be missing there. One thread.
class Producer {
 public:
  // Errors: kInvalid. The references outlive it.
  [[nodiscard]] static Result<std::unique_ptr<Producer>> open(const Settings& settings,
                                                              int event_descriptor, Logger& logger);

  // Appends an entry: now, unless it has to wait for allow().
  void append(KeptEntries::Kept entry);
  void let_go(std::uint64_t sequence) { kept_.let_go(sequence); }
  [[nodiscard]] const KeptEntries& kept() const { return kept_; }

  // Entries may be appended from now on, or may not.
  void allow(bool is_allowed);

  // All that is kept is appended again, as soon as the brokers have said of each copy that is under
  // way what became of it.
  void append_again(SteadyTime now) { again_at_ = again_at_.value_or(now); }

  // Handles what the brokers say, and appends what is due. Returns when it wants to be called
  // again.
  [[nodiscard]] std::optional<SteadyTime> turn(SteadyTime now);

  // As of ClientEvents.
  [[nodiscard]] std::string take_fault() { return events_ ? events_->take_fault() : ""; }

  // Why the last entry that was answered was not appended; empty if it was.
  [[nodiscard]] const std::string& append_fault() const { return append_fault_; }

  // Since it was opened.
  [[nodiscard]] std::uint64_t appended_again() const { return appended_again_; }

 private:
  Producer(const Settings& settings, int event_descriptor, Logger& logger)
      : settings_(settings), event_descriptor_(event_descriptor), logger_(logger) {}

  [[nodiscard]] Result<void> connect();
  void disconnect();
  void send(const std::string& bytes, SteadyTime now);
  void send_all(SteadyTime now);
  void on_reports(rd_kafka_event_t& event, SteadyTime now);

  const Settings settings_;
  const int event_descriptor_;
  Logger& logger_;

  // The events go first, then the topic, then the client. There are none while a client that has
  // failed could not be replaced.
  Client client_;
  Topic topic_;
  std::optional<ClientEvents> events_;

  KeptEntries kept_;
  bool is_allowed_ = false;
  std::size_t under_way_ = 0;           // Copies that the brokers have not answered.
  std::optional<SteadyTime> again_at_;  // When all of them are appended again.
  std::uint64_t appended_again_ = 0;
  std::string append_fault_;
};

}  // namespace ccbus::ordering::kafka
