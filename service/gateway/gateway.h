#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/base/log.h"
#include "service/chaincode/chaincode_support.h"
#include "service/gateway/admin/channel_admin.h"
#include "service/gateway/admin/ledger_maintenance.h"
#include "service/gateway/admin/ledger_queries.h"
#include "service/gateway/admin/service_status.h"
#include "service/gateway/channels/channel_host.h"
#include "service/gateway/channels/latest_simulators.h"
#include "service/gateway/events/commit_statuses.h"
#include "service/gateway/events/events.h"
#include "service/gateway/replies/client_outbox.h"
#include "service/gateway/replies/replies.h"
#include "service/gateway/transactions/endorser.h"
#include "service/gateway/transactions/prepared_transactions.h"
#include "service/gateway/transactions/proposal.h"
#include "service/gateway/transactions/submit.h"
#include "service/metrics/metrics.h"

namespace ccbus::gateway {

// What the gateway works with. All of it outlives the gateway.
struct Dependencies {
  chaincode::ChaincodeSupport& chaincodes;
  Channels& channels;
  LatestSimulators& simulators;
  ChannelHost& host;
  Background& background;
  const ProposalBuilder& proposals;
  ClientOutbox& outbox;
  Logger& logger;
  Counters& counters;
};

// The applications' side of the bus: takes requests and answers each exactly once. Like the
// chaincode side it holds no socket, thread or clock.
//
// Thread: bus thread only.
// Blocks: on a point read of the ledger at worst.
class Gateway {
 public:
  struct Options {
    std::size_t requests_open_max = 10'000;
    std::size_t message_bytes_max = 100u << 20;
    std::uint32_t retries_max = 100;
    std::uint32_t ledger_page_max = 1'000;
    std::chrono::milliseconds wait_max{300'000};
    PreparedTransactions::Options prepared;
    std::optional<std::filesystem::path> scratch;  // Where a verification rebuilds a ledger.
    ServiceInfo info;
  };

  Gateway(Options options, const Dependencies& dependencies);

  // One frame from a client: an encoded ClientRequest.
  void on_message(Now now, PeerId client, std::span<const std::byte> frame);

  // A message that is not one frame.
  void on_malformed(PeerId client, std::string_view reason);

  // The connection is gone. What it asked to have done goes on; the answers find nobody.
  void on_client_gone(PeerId client);

  // From a committer, through the next-state pipe.
  void on_block(Now now, const ledger::BlockCommitted& block);

  // Some deadline may have passed.
  void on_timer(Now now);

  // When on_timer has to be called at the latest.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  // From now on every request is refused; who waits for something that may never come is told.
  void stop_accepting();

  // Nothing that was taken is under way any more, but for those who only ask what became of a
  // transaction. Costs no more than a comparison.
  [[nodiscard]] bool is_drained() const {
    return replies_.requests_open() == commit_statuses_.waiting();
  }

  // After the last block: who still waits for one is told that its outcome is not known.
  void shutdown();

  [[nodiscard]] std::size_t requests_open() const { return replies_.requests_open(); }

  // Any thread, as long as this lives.
  [[nodiscard]] const EndorserMetrics& endorser_metrics() const { return endorser_.metrics(); }

 private:
  [[nodiscard]] bool is_admitted(ReplyAddress address, std::size_t bytes);
  void route(Now now, ReplyAddress address, const ccbus::ClientRequest& request);
  void evaluate(Now now, ReplyAddress address, const ccbus::EvaluateRequest& request);
  void define(Now now, ReplyAddress address, const ccbus::DefineRequest& request);
  void report_status(Now now, ReplyAddress address);
  void on_channel_leaving(const ChannelId& channel);

  const Options options_;
  const Dependencies with_;
  Replies replies_;
  Endorser endorser_;
  PreparedTransactions prepared_;
  Submits submits_;
  CommitStatuses commit_statuses_;
  Events events_;
  LedgerQueries ledger_queries_;
  LedgerMaintenance ledger_maintenance_;
  ChannelAdmin channel_admin_;
  bool stopping_ = false;
};

}  // namespace ccbus::gateway
