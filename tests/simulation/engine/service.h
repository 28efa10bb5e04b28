#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "service/assembly/wiring.h"
#include "service/base/byte_budget.h"
#include "service/gateway/admin/key_admin.h"
#include "service/gateway/channels/latest_simulators.h"
#include "service/security/keys/key_holders.h"
#include "service/security/signing/signing_identity.h"
#include "tests/simulation/engine/answer_checks.h"
#include "tests/simulation/engine/request_book.h"
#include "tests/simulation/engine/settings.h"
#include "tests/simulation/engine/shim_observer.h"
#include "tests/simulation/engine/simulated_channel.h"
#include "tests/support/faulty_env.h"

namespace ccbus::simulation {

// The simulated clients configure no channels.
class NoOrganizations final : public gateway::OrganizationHost {
 public:
  Result<gateway::DevelopmentOrganization> open(const std::string&) override {
    return fail(ErrorCode::kUnavailable, "there are no organisations here");
  }
};

// What the service of one seed runs in. All of it outlives every run of the service.
struct Surroundings {
  const Settings& settings;
  test::FaultyEnv& disk;
  Network& chaincodes;
  Network& clients;
  const Now& now;
  Chance& chance;
  Trace& trace;
  Findings& findings;
  StateModel& model;
  ShimObserver& observer;
  RequestBook& requests;
  AnswerChecks& answers;
  const security::SigningIdentity& identity;
};

// One run of the service, from its start to its end or its death: the real engine, gateway,
// dispatcher, logs and ledgers, joined as main.cc joins them, with the simulated network in place
// of the sockets and queues in place of the threads.
class Service {
 public:
  // The channels that it is configured to have; it opens them on the disk.
  Service(const Surroundings& around, const std::vector<std::string>& channels);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service();  // After stop() or die().

  // --- One thing that happens ---

  void deliver_to_engine();
  void deliver_to_gateway();
  void end_chaincode();
  void end_client();
  void handle_pipe_event();
  void run_worker();
  void run_signer();
  void run_committer(SimulatedChannel& channel) { channel.run_one(around_.now.steady); }
  void fire_timer();

  // --- What can happen ---

  [[nodiscard]] const Pipe& pipe() const { return pipe_; }
  [[nodiscard]] const WorkQueue& workers() const { return workers_; }
  [[nodiscard]] const WorkQueue& signers() const { return signers_; }
  [[nodiscard]] const std::map<ChannelId, std::unique_ptr<SimulatedChannel>>& channels() const {
    return committers_;
  }
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const {
    return dispatcher_->next_deadline();
  }

  // --- Its end ---

  // From SIGTERM on; is_stopped() once it has drained. Then stop() ends it as main.cc does.
  void begin_stop();
  [[nodiscard]] bool is_stopping() const { return dispatcher_->stop().has_value(); }
  [[nodiscard]] bool is_stopped() const { return dispatcher_->is_stopped(); }
  void stop();
  // The process is gone at once: nothing that it would still say or write reaches anybody. The
  // network and the disk are cut off before.
  void die();

  // --- For the checks ---

  [[nodiscard]] const gateway::Gateway& gateway() const { return *gateway_; }
  [[nodiscard]] const chaincode::ChaincodeSupport& engine() const { return *engine_; }
  [[nodiscard]] const ByteBudget& simulations() const { return simulations_; }
  // Bytes that it holds beyond those of its start; nullopt if that is not known.
  [[nodiscard]] std::optional<std::int64_t> live_bytes() const;
  // Whether an answer was lost since the queue of its client was full, and the client was not cut.
  [[nodiscard]] bool owes_answers() const { return !owed_.empty(); }

 private:
  class ChaincodePort;
  class ClientPort;
  class Host;

  void open_channels(const std::vector<std::string>& names);
  void end_everything();

  const Surroundings around_;
  const std::shared_ptr<Logger> logger_;
  Counters counters_;
  ByteBudget simulations_;
  Pipe pipe_;
  std::map<ChannelId, std::unique_ptr<SimulatedChannel>> committers_;
  WorkQueue workers_;
  WorkQueue signers_;
  gateway::ProposalBuilder proposals_;
  gateway::ServiceIdentities identities_;
  NoOrganizations no_organizations_;
  gateway::Channels channels_;
  gateway::LatestSimulators simulators_;
  std::unique_ptr<Host> host_;
  std::unique_ptr<ChaincodePort> chaincode_port_;
  security::KeyHolders holders_{nullptr};
  gateway::KeyDirectory keys_;
  std::unique_ptr<ClientPort> client_port_;
  std::unique_ptr<chaincode::ChaincodeSupport> engine_;
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::set<PeerId> owed_;  // Clients that miss an answer and are to be cut.
  bool has_ended_ = false;
  std::int64_t live_bytes_at_start_ = 0;
};

}  // namespace ccbus::simulation
