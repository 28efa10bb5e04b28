#pragma once

#include <deque>
#include <map>
#include <string>

#include "tests/simulation/engine/actor.h"
#include "tests/simulation/engine/script.h"

namespace ccbus::simulation {

// A chaincode process that keeps to the protocol: it registers, runs the scripts that it is asked
// to run, and registers again after the loss of its connection. It may be slow, may not answer at
// all, and may leave at any moment.
class HonestChaincode final : public Actor {
 public:
  struct Habits {
    std::chrono::microseconds pause{0};  // Before each message that it sends in a transaction.
    std::size_t silences = 0;            // Transactions of a thousand that it never answers.
    std::size_t leaves = 0;              // Messages of a thousand after which it leaves.
    bool comes_back = true;
  };

  HonestChaincode(Stage stage, Network& network, std::string chaincode, Habits habits);

 private:
  void on_frame(const std::string& frame) override;
  void on_wake() override;
  void on_link_lost() override;

  void begin();
  void answer(const TxKey& key, const protos::ChaincodeMessage* answer);
  void say(std::string frame);
  void leave_for_a_while();

  const Habits habits_;
  std::map<TxKey, ScriptRun> runs_;
  std::deque<std::pair<SteadyTime, std::string>> unsaid_;
};

}  // namespace ccbus::simulation
