#pragma once

#include <string>

#include "service/load/result/outcome_tally.h"

namespace ccbus {
class ClientResponse;
class Status;
}  // namespace ccbus

namespace ccbus::load {

struct ResponseOutcome {
  Outcome outcome = Outcome::kSucceeded;
  std::string kind;  // The kind of failure: ABORTED, ENDORSEMENT_POLICY_FAILURE, CHAINCODE_500.
};

enum class Churn { kNone, kDealersLeave };

// Returns how the operation ended, according to its response. With Churn::kDealersLeave, ABORTED is
// not counted as a failure: dealers that leave cause it.
[[nodiscard]] ResponseOutcome outcome_of(const ClientResponse& response, Churn churn);

// Returns why a request was refused: what the endorser said, if it is the endorser's refusal.
[[nodiscard]] std::string reason_of(const Status& status);

}  // namespace ccbus::load
