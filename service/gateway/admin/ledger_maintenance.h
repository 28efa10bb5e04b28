#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/replies/replies.h"
#include "service/ledger/upkeep/verification.h"

namespace ccbus::gateway {

// Verifications and snapshots. They take long, so they run one at a time, on a thread of upkeep,
// and can be cancelled. Bus thread only.
class LedgerMaintenance {
 public:
  // The references outlive it, and it outlives the jobs that it has submitted. A verification
  // rebuilds the ledger below `scratch`, or in memory.
  LedgerMaintenance(const Channels& channels, Background& background, Replies& replies,
                    std::optional<std::filesystem::path> scratch);

  [[nodiscard]] static bool is_for(const ccbus::LedgerRequest& request);

  // Statuses: NOT_FOUND no such channel, or, for a progress, nothing under way there;
  //           RESOURCE_EXHAUSTED one is under way, or too many jobs wait for a worker; CANCELLED
  //           its client has left, the channel begins anew or the service stops; those of
  //           ledger::verify_ledger() and ledger::write_snapshot().
  void ask(PendingRequest pending, const ccbus::LedgerRequest& request);

  // Its verification or snapshot ends.
  void on_client_gone(PeerId client);
  void on_channel_gone(const ChannelId& channel);
  void shutdown();

 private:
  using Ledger = std::shared_ptr<const ledger::ChannelLedger>;

  struct Running {
    PeerId client;
    ChannelId channel;
    std::uint64_t blocks_total = 0;
    std::shared_ptr<ledger::VerificationProgress> progress;
    CancellationSource snapshot;

    void cancel() {
      progress->cancelled = true;
      snapshot.cancel();
    }
  };

  void verify(PendingRequest pending, const Ledger& ledger);
  void write_snapshot(PendingRequest pending, const Ledger& ledger,
                      const std::filesystem::path& directory);
  void answer_progress(PendingRequest pending, const ChannelId& channel);
  void begin(PendingRequest pending, const Ledger& ledger,
             std::shared_ptr<ledger::VerificationProgress> progress, CancellationSource snapshot,
             std::function<Result<ccbus::LedgerResponse>()> work);
  void on_done(PendingRequest pending, Result<ccbus::LedgerResponse> answer);

  const Channels& channels_;
  Background& background_;
  Replies& replies_;
  const std::optional<std::filesystem::path> scratch_;
  std::optional<Running> running_;
};

}  // namespace ccbus::gateway
