#include "service/gateway/transactions/evaluate.h"

#include <utility>

#include "service/gateway/transactions/refusal.h"

namespace ccbus::gateway {

void answer_evaluate(const Endorsed& endorsed, const EndorserName& endorser,
                     ccbus::ClientResponse& response) {
  ccbus::EvaluateResponse& answer = *response.mutable_evaluate();
  response.set_height(endorsed.height);
  answer.set_transaction_id(endorsed.proposal.key.tx.value);
  if (endorsed.status.code() == ccbus::OK) *answer.mutable_result() = endorsed.result.response;
  ccbus::Status refusal = evaluate_refusal(endorsed, endorser);
  if (refusal.code() != ccbus::OK) *response.mutable_status() = std::move(refusal);
}

}  // namespace ccbus::gateway
