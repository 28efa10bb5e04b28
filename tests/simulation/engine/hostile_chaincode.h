#pragma once

#include <string>
#include <vector>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "tests/simulation/engine/actor.h"
#include "tests/simulation/engine/script.h"

namespace ccbus::simulation {

// A process at the chaincode endpoint that does what it should not: messages that its state does
// not allow, twice, of transactions that it was never sent, too large, damaged; names that are
// refused; and it leaves when it likes. Now and then it does what is right, so that it gets far.
class HostileChaincode final : public Actor {
 public:
  HostileChaincode(Stage stage, Network& network, std::string chaincode, const Vocabulary& words);

 private:
  void on_frame(const std::string& frame) override;
  void on_wake() override;
  void on_link_lost() override;

  void register_somehow();
  void misbehave();
  void request(protos::ChaincodeMessage& message);
  void complete(protos::ChaincodeMessage& message);
  [[nodiscard]] protos::ChaincodeMessage message_of_transaction(
      protos::ChaincodeMessage::Type type);

  const Vocabulary& words_;
  std::vector<TxKey> sent_;  // Transactions that it was sent.
  std::size_t left_ = 60;    // Messages that it still sends.
  std::size_t written_ = 0;
};

}  // namespace ccbus::simulation
