#include "service/load/result/response_outcome.h"

#include <catch2/catch.hpp>

#include "ccbus/client.pb.h"

using namespace ccbus;
using namespace ccbus::load;

namespace {

ClientResponse submitted(protos::TxValidationCode code, StatusCode status) {
  ClientResponse response;
  response.mutable_submit()->set_validation_code(code);
  response.mutable_status()->set_code(status);
  return response;
}

}  // namespace

TEST_CASE("a valid transaction and a query's answer are successes", "[load]") {
  CHECK(outcome_of(submitted(protos::VALID, OK), Churn::kNone).outcome == Outcome::kSucceeded);
  ClientResponse query;
  query.mutable_evaluate()->mutable_result()->set_status(200);
  CHECK(outcome_of(query, Churn::kNone).outcome == Outcome::kSucceeded);
}

TEST_CASE("conflicts are no failures, though their status is ABORTED", "[load]") {
  CHECK(outcome_of(submitted(protos::MVCC_READ_CONFLICT, ABORTED), Churn::kNone).outcome ==
        Outcome::kMvccConflict);
  CHECK(
      outcome_of(submitted(protos::PHANTOM_READ_CONFLICT, ABORTED), Churn::kDealersLeave).outcome ==
      Outcome::kPhantomConflict);
}

TEST_CASE("failures are told by the code that says most", "[load]") {
  const auto kind = [](const ClientResponse& response) {
    const ResponseOutcome ended = outcome_of(response, Churn::kNone);
    CHECK(ended.outcome == Outcome::kFailed);
    return ended.kind;
  };
  CHECK(kind(submitted(protos::BAD_PAYLOAD, ABORTED)) == "BAD_PAYLOAD");
  CHECK(kind(submitted(protos::NOT_VALIDATED, RESOURCE_EXHAUSTED)) == "RESOURCE_EXHAUSTED");
  ClientResponse query;
  query.mutable_evaluate()->mutable_result()->set_status(500);
  CHECK(kind(query) == "CHAINCODE_500");
  query.mutable_status()->set_code(DEADLINE_EXCEEDED);
  CHECK(kind(query) == "DEADLINE_EXCEEDED");
}

TEST_CASE("where dealers leave, ABORTED is theirs; elsewhere it is a failure", "[load]") {
  const ClientResponse aborted = submitted(protos::NOT_VALIDATED, ABORTED);
  CHECK(outcome_of(aborted, Churn::kDealersLeave).outcome == Outcome::kAbortedByChurn);
  CHECK(outcome_of(aborted, Churn::kNone).kind == "ABORTED");
}

TEST_CASE("the reason of a refusal is what the endorser said", "[load][issue-15]") {
  Status status;
  status.set_message("see the details");
  CHECK(reason_of(status) == "see the details");
  status.add_details()->set_message("chaincode response 500, no such asset");
  CHECK(reason_of(status) == "chaincode response 500, no such asset");
}
