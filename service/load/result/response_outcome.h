#pragma once

#include <string>

#include "service/load/result/outcome_tally.h"

namespace ccbus {
class ClientResponse;
}  // namespace ccbus

namespace ccbus::load {

struct ResponseOutcome {
  Outcome outcome = Outcome::kSucceeded;
  std::string kind;  // Of a failure: ABORTED, ENDORSEMENT_POLICY_FAILURE, CHAINCODE_500.
};

enum class Churn { kNone, kDealersLeave };

// What an answer means for the operation. Where dealers leave, ABORTED is what that brings.
[[nodiscard]] ResponseOutcome outcome_of(const ClientResponse& response, Churn churn);

}  // namespace ccbus::load
