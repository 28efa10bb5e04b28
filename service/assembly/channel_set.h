#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "service/assembly/channel_directories.h"
#include "service/assembly/channel_logs.h"
#include "service/assembly/committer.h"
#include "service/assembly/committer_metrics.h"
#include "service/assembly/descriptor_budget.h"
#include "service/assembly/table_rewriter.h"
#include "service/assembly/wiring.h"
#include "service/base/ids.h"
#include "service/base/log.h"
#include "service/base/mutex.h"
#include "service/bus/next_state_pipe.h"
#include "service/config/config.h"
#include "service/gateway/channels/channel_host.h"
#include "service/gateway/channels/channels.h"
#include "service/metrics/metrics.h"

namespace ccbus {

// The channels of the service, each with its committer. It makes them, replaces them and finds
// them.
//
// Thread: the owner's, one call at a time; while the bus runs it is ChannelAdmin's job. metrics()
//         on any.
class ChannelSet final : public gateway::ChannelHost {
 public:
  // Opens the channels of the configuration, and those made later, which are found in the ledgers'
  // directory. Throws std::runtime_error with the channel and the reason.
  // `descriptors` is what the files of all databases may use.
  // Blocks: on the disk. The references outlive it.
  ChannelSet(const Config& config, std::size_t descriptors, bus::NextStatePipe<BusEvent>& pipe,
             Logger& logger, Counters& counters);
  ~ChannelSet() override;
  ChannelSet(const ChannelSet&) = delete;
  ChannelSet& operator=(const ChannelSet&) = delete;

  // Those that the constructor will open.
  [[nodiscard]] static std::set<ChannelId> at_start(const Config& config);

  // All of them.
  [[nodiscard]] gateway::Channels channels() const;

  Result<gateway::Channel> make(const ChannelId& channel,
                                const gateway::ChannelBeginning& beginning,
                                const CancellationToken& cancelled) override;
  Result<void> replace(const ChannelId& channel, const gateway::ChannelBeginning& beginning,
                       const CancellationToken& cancelled) override;
  gateway::Channel find(const ChannelId& channel) override;

  // Any thread. Does not wait for a commit or for the disk.
  [[nodiscard]] std::vector<CommitterMetrics> metrics() const;

  // Commits what was ordered and ends the threads. Blocks on the disk.
  void stop();

 private:
  // Errors: kExhausted.
  [[nodiscard]] Result<void> check_room() const;
  // After an error there is no new directory.
  [[nodiscard]] Result<std::unique_ptr<Committer>> begin(
      const ChannelId& channel, const std::optional<std::filesystem::path>& directory,
      const gateway::ChannelBeginning& beginning, const CancellationToken& cancelled);
  // `database` is that of a new ledger.
  [[nodiscard]] Result<std::unique_ptr<Committer>> open(
      const ChannelId& channel, const std::optional<std::filesystem::path>& directory,
      std::size_t tables_open_max, StateDatabase database);
  // Null if there is no such channel.
  [[nodiscard]] Committer* committer_of(const ChannelId& channel) const;

  const Config& config_;
  bus::NextStatePipe<BusEvent>& pipe_;
  Logger& logger_;
  Counters& counters_;
  ChannelDirectories directories_;
  const DatabaseDescriptors descriptors_;
  const std::shared_ptr<ledger::StorageMemory> memory_;
  TableRewriter rewriter_;
  const ChannelLogs logs_;

  mutable Mutex mutex_;  // Held to look into the list and to change it, not during other work.
  std::vector<std::unique_ptr<Committer>> committers_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus
