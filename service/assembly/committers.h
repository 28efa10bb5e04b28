#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "service/assembly/channel_directories.h"
#include "service/assembly/wiring.h"
#include "service/base/ids.h"
#include "service/base/log.h"
#include "service/bus/next_state_pipe.h"
#include "service/config/config.h"
#include "service/gateway/channels/channel_host.h"
#include "service/gateway/channels/latest_simulators.h"
#include "service/ledger/state/storage_metrics.h"
#include "service/metrics/histogram.h"
#include "service/metrics/metrics.h"

namespace ccbus {

// How many transactions of one kind had one outcome, in Prometheus' labels.
struct TransactionsCounted {
  std::string type;  // A common::HeaderType, or "unknown", as the chaincode.
  std::string chaincode;
  std::string validation_code;
  std::uint64_t count = 0;
};

// One channel and its committer at some moment.
struct CommitterMetrics {
  ChannelId channel;
  std::uint64_t height = 0;
  std::size_t waiting = 0;  // Envelopes that no block has yet.
  bool failed = false;      // The disk refused a block; nothing is committed any more.
  std::optional<std::chrono::nanoseconds> committing;  // Since when; nothing between blocks.
  HistogramSnapshot block;                             // Seconds, all stages.
  HistogramSnapshot validate;
  HistogramSnapshot prepare;
  HistogramSnapshot write;
  HistogramSnapshot fill;           // Of the transactions that a block may have.
  HistogramSnapshot fill_duration;  // Seconds from a block's first transaction to its cut.
  std::vector<TransactionsCounted> transactions;
  ledger::StorageMetrics storage;
};

// The channels, each with its ledger and its committer thread, which tells the bus of every block
// through the next-state pipe.
//
// A commit that fails stops the service: from then on nothing is committed and nobody is told that
// something was. What the disk holds decides at the next start.
//
// Thread: the owner's, one call at a time; while the bus runs that is ChannelAdmin's job. metrics()
//         on any.
class Committers final : public gateway::ChannelHost {
 public:
  // Opens the channels of the configuration and those that were made since, which are found in the
  // ledger's directory. Throws std::runtime_error naming channel and reason.
  // Blocks: on the disk. The references outlive it.
  Committers(const Config& config, bus::NextStatePipe<BusEvent>& pipe, Logger& logger,
             Counters& counters);
  ~Committers() override;
  Committers(const Committers&) = delete;
  Committers& operator=(const Committers&) = delete;

  // What there was at the start.
  [[nodiscard]] gateway::Channels channels() const;

  Result<gateway::Channel> make(const ChannelId& channel,
                                const std::optional<std::filesystem::path>& snapshot) override;
  Result<void> replace(const ChannelId& channel,
                       const std::optional<std::filesystem::path>& snapshot) override;
  gateway::Channel find(const ChannelId& channel) override;

  // Any thread. Waits for no commit, and for no disk.
  [[nodiscard]] std::vector<CommitterMetrics> metrics() const;

  // Commits what is queued and ends the threads. Blocks on the disk.
  void stop();

 private:
  class Committer;

  // Errors: kExhausted.
  [[nodiscard]] Result<void> check_room() const;
  // Leaves nothing behind where it fails.
  [[nodiscard]] Result<std::unique_ptr<Committer>> begin(
      const ChannelId& channel, const std::optional<std::filesystem::path>& directory,
      const std::optional<std::filesystem::path>& snapshot);
  [[nodiscard]] Result<std::unique_ptr<Committer>> open(
      const ChannelId& channel, const std::optional<std::filesystem::path>& directory);
  [[nodiscard]] std::vector<std::unique_ptr<Committer>>::iterator locate(const ChannelId& channel);

  const Config& config_;
  bus::NextStatePipe<BusEvent>& pipe_;
  Logger& logger_;
  Counters& counters_;
  ChannelDirectories directories_;

  mutable std::mutex mutex_;  // Held to change the list and to look into it from outside.
  std::vector<std::unique_ptr<Committer>> committers_;
};

}  // namespace ccbus
