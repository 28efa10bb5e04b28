#pragma once

#include <cstdint>

#include "ccbus/client.pb.h"
#include "tests/simulation/engine/findings.h"
#include "tests/simulation/engine/state_model.h"

namespace ccbus::simulation {

// What the service tells its clients, against what is committed: at the moment at which an answer
// is sent, a transaction that it calls valid is in a block that is on the disk.
class AnswerChecks {
 public:
  AnswerChecks(const StateModel& model, Findings& findings) : model_(model), findings_(findings) {}

  // A chaincode was sent a transaction. The first one has been invoked on the transaction's
  // channel; others, which it has called, may run on another one.
  void began_on(const std::string& tx, const ChannelId& channel) { channels_.emplace(tx, channel); }

  void answered(const ccbus::ClientResponse& response);

  // Submits that were answered as valid.
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }

 private:
  void check_outcome(const std::string& tx, protos::TxValidationCode code, std::uint64_t block,
                     const char* who);
  void check_events(const ccbus::ChaincodeEventsResponse& events);

  const StateModel& model_;
  Findings& findings_;
  std::map<std::string, ChannelId> channels_;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace ccbus::simulation
