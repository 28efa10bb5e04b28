#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
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
#include "service/gateway/admin/channel_configuration.h"
#include "service/gateway/admin/key_admin.h"
#include "service/gateway/admin/ledger_maintenance.h"
#include "service/gateway/admin/ledger_queries.h"
#include "service/gateway/admin/service_status.h"
#include "service/gateway/admin/system_chaincodes.h"
#include "service/gateway/channels/channel_host.h"
#include "service/gateway/channels/latest_simulators.h"
#include "service/gateway/events/commit_statuses.h"
#include "service/gateway/events/events.h"
#include "service/gateway/events/height_waits.h"
#include "service/gateway/events/signed_questions.h"
#include "service/gateway/replies/client_outbox.h"
#include "service/gateway/replies/pending_request.h"
#include "service/gateway/replies/places.h"
#include "service/gateway/replies/replies.h"
#include "service/gateway/transactions/client_creators.h"
#include "service/gateway/transactions/endorser.h"
#include "service/gateway/transactions/prepared_transactions.h"
#include "service/gateway/transactions/proposal.h"
#include "service/gateway/transactions/submit.h"
#include "service/metrics/metrics.h"
#include "service/security/keys/key_holders.h"

namespace ccbus::gateway {

// The objects that the gateway uses. All of them outlive it.
struct Dependencies {
  chaincode::ChaincodeSupport& chaincodes;
  Channels& channels;
  LatestSimulators& simulators;
  ChannelHost& host;
  Background& background;  // For what takes up to seconds.
  Background& upkeep;      // For what takes as long as a ledger is large; runs two at once.
  Background& signers;     // For signatures, some 100 us each.
  const ProposalBuilder& proposals;
  ServiceIdentities& identities;
  OrganizationHost& organizations;
  const security::KeyHolders& holders;  // Who the clients are.
  const KeyDirectory& keys;
  ClientOutbox& outbox;
  Logger& logger;
  Counters& counters;
};

// Serves the applications: takes their requests and answers each exactly once, unless its client
// has left. Like the chaincode engine it holds no socket, thread or clock.
//
// Thread: bus thread only.
// Blocks: only on point reads of the ledger.
// Errors: throws nothing, once it is constructed. An exception while a request is handled becomes
//         its answer: INTERNAL.
class Gateway {
 public:
  struct Options {
    Places::Limits places;
    std::size_t request_bytes_max = 16u << 20;
    std::uint32_t retries_max = 100;
    std::uint32_t ledger_page_max = 1'000;
    std::chrono::milliseconds wait_max{300'000};
    PreparedTransactions::Options prepared;
    std::optional<std::filesystem::path>
        scratch;  // Where verifications rebuild ledgers; or memory.
    ServiceInfo info;
  };

  Gateway(Options options, const Dependencies& dependencies);

  // A request as it was decoded, or why it could not be.
  struct ReceivedRequest {
    ccbus::ClientRequest request;
    Result<void> outcome;
    std::uint64_t correlation_id = 0;  // 0 if none is found.
  };

  // Decodes a frame: an encoded ClientRequest. Any thread.
  [[nodiscard]] ReceivedRequest decode(std::span<const std::byte> frame) const;

  // A frame came from a client. The second form is for one that was decoded before.
  void on_message(Now now, PeerId client, std::span<const std::byte> frame) noexcept;
  void on_request(Now now, PeerId client, const ReceivedRequest& received) noexcept;

  // A message came that is not one frame, or cannot be handled.
  void on_malformed(PeerId client, std::string_view reason) noexcept;

  // The client's key does not allow it any more to be here. It is told so, before it is cut.
  void on_client_shut_out(PeerId client) noexcept;

  // The connection has ended. The client's waiting requests are dropped and its verification is
  // cancelled. Its other requests go on, and their answers are dropped.
  void on_client_gone(PeerId client) noexcept;

  // A block was committed. Comes from the channel's committer, through the next-state pipe.
  void on_block(Now now, const ledger::BlockCommitted& block) noexcept;

  // The ledger of a channel is closed after an error of its disk, until it can be opened again.
  // Submits that wait for a block are answered with an unknown outcome; what was ordered may still
  // be committed. Comes from the committer, through the next-state pipe.
  void on_ledger_closed(const ChannelId& channel) noexcept;

  // No further block of the channel comes, or none can before its log is reached again. Submits
  // that wait for one are answered with an unknown outcome: they may be committed all the same.
  // Comes from the committer, too.
  void on_log_halted(const ChannelId& channel) noexcept;

  // A deadline may have passed.
  void on_timer(Now now) noexcept;

  // The time at which on_timer() has to be called at the latest; nullopt if there is no deadline.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  // The addresses that a status and the details of errors have from now on. Before that, those of
  // the options.
  void on_listening(std::string chaincode_endpoint, std::string client_endpoint);

  // From now on every new request is refused. Requests for events that wait are answered, and
  // running verifications, snapshots and restores are cancelled.
  void stop_accepting() noexcept;

  // True if no request is open except for those that wait for the commit status of a transaction.
  // The loop calls this often; it is only a comparison.
  [[nodiscard]] bool is_drained() const {
    return replies_.requests_open() == commit_statuses_.waiting();
  }

  // Answers the requests that still wait for a block. Call it when no further block will come.
  void shutdown() noexcept;

  [[nodiscard]] std::size_t requests_open() const { return replies_.requests_open(); }

  // Any thread, during the lifetime of this object.
  [[nodiscard]] const EndorserMetrics& endorser_metrics() const { return endorser_.metrics(); }

 private:
  // Sets `is_taken` once the request answers itself.
  void take(Now now, PeerId client, const ReceivedRequest& received, bool& is_taken);
  template <class Step>
  void guarded(std::string_view event, Step step) noexcept;
  // The channel whose state a request with a min_height is about.
  struct AskedHeight {
    ChannelId channel;
    std::uint64_t height = 0;  // Its own.
    bool has_to_wait = false;
  };
  // Returns nullopt if the request has no min_height, or is about no state of a channel.
  [[nodiscard]] std::optional<AskedHeight> asked_height(const ccbus::ClientRequest& request) const;
  // The channel is as high as the request asks for.
  void on_height(Now now, PendingRequest pending, const ccbus::ClientRequest& request);
  // `chaincode` is the one that the request runs, or empty.
  void route(Now now, PendingRequest pending, const ccbus::ClientRequest& request,
             const std::string& chaincode);
  void evaluate(Now now, PendingRequest pending, const ccbus::EvaluateRequest& request);
  void define(Now now, PendingRequest pending, const ccbus::DefineRequest& request);
  void define_as(Now now, PendingRequest pending, const ccbus::DefineRequest& request,
                 ServiceIdentities::Identity creator);
  void report_status(Now now, PendingRequest pending);
  void answer_status(Now now, PendingRequest pending);
  [[nodiscard]] std::optional<ccbus::Status> check_access(PeerId client,
                                                          const ccbus::ClientRequest& request);
  void on_channel_leaving(const ChannelId& channel, std::uint64_t height);

  Options options_;
  const Dependencies with_;
  Replies replies_;
  ClientCreators creators_;
  Endorser endorser_;
  PreparedTransactions prepared_;
  Submits submits_;
  CommitStatuses commit_statuses_;
  Events events_;
  SignedQuestions signed_questions_;
  HeightWaits height_waits_;
  LedgerQueries ledger_queries_;
  SystemChaincodes system_chaincodes_;
  LedgerMaintenance ledger_maintenance_;
  ChannelAdmin channel_admin_;
  KeyAdmin key_admin_;
  ChannelConfiguration channel_configuration_;
  // How high channels were that have begun anew since the start: nobody waits for that again.
  std::map<ChannelId, std::uint64_t> earlier_heights_;
};

}  // namespace ccbus::gateway
