#pragma once

#include <memory>
#include <optional>
#include <string>

#include "service/base/log.h"
#include "service/base/result.h"
#include "service/config/config.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ordering/kafka/settings.h"
#include "service/ordering/log/log.h"
#include "service/ordering/log_feed.h"

namespace ccbus {

// What orders a channel.
struct ChannelLog {
  std::unique_ptr<ordering::Log> log;
  ordering::LogState applied = {};
  std::optional<ordering::LogFeed::Member> member = {};  // nullopt: nobody else shares the log.
};

// The logs of the service's channels, of the kind that the configuration names.
class ChannelLogs {
 public:
  // Throws std::runtime_error with the reason.
  // Blocks: on the disk. The references outlive it.
  ChannelLogs(const Config& config, Logger& logger);

  // The log of a ledger, which goes on where that is. A log that does not exist is made.
  // Blocks: on the brokers, if the log is new.
  // Errors: kPrecondition the ledger was written with a log of the other kind; kUnavailable no
  //         broker has answered; others of the log, and of reading the ledger.
  [[nodiscard]] Result<ChannelLog> open(const ledger::ChannelLedger& ledger) const;

 private:
  [[nodiscard]] Result<ChannelLog> open_kafka(const ledger::ChannelLedger& ledger,
                                              ordering::LogState applied) const;

  const Config& config_;
  Logger& logger_;
  ordering::kafka::Settings kafka_;  // But the topic.
  std::string replica_;
};

}  // namespace ccbus
