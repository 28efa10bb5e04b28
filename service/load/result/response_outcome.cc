#include "service/load/result/response_outcome.h"

#include "ccbus/client.pb.h"

namespace ccbus::load {
namespace {

// Fabric's threshold: a chaincode's response with this status or above is an error.
constexpr int kChaincodeRefusal = 400;

}  // namespace

ResponseOutcome outcome_of(const ClientResponse& response, Churn churn) {
  switch (const auto code = response.submit().validation_code(); code) {
    case protos::VALID:
    case protos::NOT_VALIDATED: break;
    case protos::MVCC_READ_CONFLICT: return {Outcome::kMvccConflict, {}};
    case protos::PHANTOM_READ_CONFLICT: return {Outcome::kPhantomConflict, {}};
    default:
      if (response.has_submit()) return {Outcome::kFailed, protos::TxValidationCode_Name(code)};
  }
  const StatusCode code = response.status().code();
  if (code == ABORTED && churn == Churn::kDealersLeave) return {Outcome::kAbortedByChurn, {}};
  if (code != OK) return {Outcome::kFailed, StatusCode_Name(code)};
  const int chaincode_status = response.evaluate().result().status();
  if (chaincode_status >= kChaincodeRefusal) {
    return {Outcome::kFailed, "CHAINCODE_" + std::to_string(chaincode_status)};
  }
  return {Outcome::kSucceeded, {}};
}

std::string reason_of(const Status& status) {
  return status.details().empty() ? status.message() : status.details(0).message();
}

}  // namespace ccbus::load
