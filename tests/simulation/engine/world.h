#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/engine/actor.h"
#include "tests/simulation/engine/script.h"
#include "tests/simulation/engine/service.h"

namespace ccbus::simulation {

class Bystander;

// What one seed came to.
struct Outcome {
  std::string finding;  // Empty: every promise was kept.
  std::string trace;    // The last lines, if there is a finding.
  std::uint64_t trace_hash = 0;
  std::uint64_t steps = 0;
  std::uint64_t actors = 0;
  std::uint64_t transactions = 0;  // That a chaincode was sent.
  std::uint64_t requests = 0;      // Handed to the gateway.
  std::uint64_t acknowledged = 0;  // Submits that were answered as valid.
  std::uint64_t valid = 0;         // Committed transactions.
  std::uint64_t invalid = 0;
  std::uint64_t deaths = 0;
  std::uint64_t disk_faults = 0;
  std::uint64_t bystander_served = 0;
  std::uint64_t bystander_crowded_out = 0;
  std::uint64_t bystander_refused = 0;
  std::uint64_t bystander_steps_max = 0;
  std::int64_t live_bytes_max = 0;
  std::int64_t live_bytes_left = 0;  // After everybody has left.
};

// The world of one seed: the service, its disk, its network and everybody around it. One thing
// happens after the other, on one thread and by a clock of its own; the seed decides which.
class World {
 public:
  World(std::uint64_t seed, const security::SigningIdentity& identity, bool shows_trace);
  ~World();

  [[nodiscard]] Outcome run();

 private:
  static constexpr std::size_t kStepKinds = 10;

  struct Step {
    std::size_t weight;  // How often it happens, against the others that can.
    void (World::*happen)();
    bool can_happen;
  };

  void cast_actors();
  void start_service();

  void storm();  // Everybody does their worst.
  void rest();   // Nobody begins anything; what is open ends.
  enum class After { kStorm, kRest };
  void leave(After after);  // Everybody leaves.
  void repair_disk();
  void check_ledgers();

  // One step; false: nothing can happen any more, now or later.
  bool step();
  [[nodiscard]] std::array<Step, kStepKinds> steps_now() const;
  [[nodiscard]] bool can_step_now() const;
  bool step_now();
  bool wait_for_next_time();
  void let_time_pass(std::chrono::microseconds duration);
  void check_every_step();
  [[nodiscard]] std::uint64_t bystander_steps_max() const;
  void check_rest();

  void deliver_to_engine();
  void deliver_to_gateway();
  void end_chaincode();
  void end_client();
  void handle_pipe_event();
  void run_worker();
  void run_signer();
  void run_committer();
  void wake_actor();
  void read_by_actor();
  void fault();
  void kill_service();
  void stop_service();
  void end_stopped_service();

  [[nodiscard]] std::optional<SteadyTime> next_time() const;
  template <class Is>
  [[nodiscard]] std::vector<Actor*> actors_that(Is is) const;

  Chance chance_;
  Trace trace_;
  Findings findings_;
  Now now_;
  const Settings settings_;
  std::array<std::size_t, kStepKinds> weights_{};
  Vocabulary words_;
  test::FaultyEnv disk_;
  Network chaincode_network_;
  Network client_network_;
  StateModel model_;
  ShimObserver observer_;
  RequestBook requests_;
  AnswerChecks answers_;
  const security::SigningIdentity& identity_;
  std::vector<std::unique_ptr<Actor>> actors_;
  std::unique_ptr<Service> service_;
  const Bystander* bystander_ = nullptr;
  bool is_disk_faulty_ = false;
  std::int64_t live_bytes_max_ = 0;
  std::int64_t live_bytes_left_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t deaths_ = 0;
  std::uint64_t disk_faults_ = 0;
};

}  // namespace ccbus::simulation
