#include "service/gateway/transactions/evaluate.h"

#include <string>

namespace ccbus::gateway {

void answer_evaluate(const Endorsed& endorsed, ccbus::ClientResponse& response) {
  constexpr const char* kPrefix = "evaluate call to endorser returned error: ";
  ccbus::EvaluateResponse& answer = *response.mutable_evaluate();
  answer.set_transaction_id(endorsed.proposal.key.tx.value);
  if (endorsed.status.code() != ccbus::OK) {
    *response.mutable_status() =
        make_status(endorsed.status.code(), kPrefix + endorsed.status.message());
    return;
  }
  const protos::Response& result = endorsed.result.response;
  *answer.mutable_result() = result;
  if (!is_success(result)) {
    *response.mutable_status() = make_status(
        ccbus::UNKNOWN, kPrefix + ("chaincode response " + std::to_string(result.status()) + ", " +
                                   result.message()));
  }
}

}  // namespace ccbus::gateway
