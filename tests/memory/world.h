#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "tests/memory/chaincode_actor.h"
#include "tests/support/gateway_rig.h"

namespace ccbus::test {

// The engine, the gateway and a ledger, with two chaincodes and a few clients. Memory is armed
// while the service's code runs: on the bus thread, and in the place of workers and signers.
class World {
 public:
  World();

  // All that clients and chaincodes do, until nothing is left to do; then everything that is open
  // has time to end.
  void run();

  // After run(): what was not as it has to be; empty if all was.
  [[nodiscard]] std::string fault();

  // Requests that were answered, by status.
  [[nodiscard]] const std::map<int, std::uint64_t>& answers() const { return answered_; }
  [[nodiscard]] std::uint64_t connections_ended() const { return ended_; }

 private:
  using Fill = std::function<void(ccbus::ClientRequest&)>;

  void ask(std::uint64_t client, const Fill& fill);
  void invoke(std::uint64_t client, const std::string& kind, const std::string& script);
  void ask_for_events(std::uint64_t client);
  void ask_for_look_ups(std::uint64_t client);
  void give_up(std::uint64_t client);
  void client_leaves(std::uint64_t client);

  // Lets everybody act until nobody has anything to do.
  void settle();
  bool run_preparations(HeldPreparations& preparations);
  bool run_jobs();
  bool cut_block();
  void advance(std::chrono::milliseconds duration);

  // Whether one request was answered once, or its client's connection has ended.
  [[nodiscard]] std::string fault_of(PeerId client, std::uint64_t id);
  [[nodiscard]] std::size_t transactions_open();

  GatewayRig rig_;
  ChaincodeActor basic_;
  ChaincodeActor other_;
  std::uint64_t last_id_ = 0;
  std::uint64_t round_ = 0;
  std::map<std::pair<PeerId, std::uint64_t>, bool> asked_;  // Whether an answer must have come.
  std::map<int, std::uint64_t> answered_;
  std::uint64_t ended_ = 0;
};

}  // namespace ccbus::test
