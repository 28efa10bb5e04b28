#pragma once

#include "ccbus/client.pb.h"
#include "service/gateway/transactions/endorser.h"

namespace ccbus::gateway {

// The answer to an Evaluate, from its simulation. A chaincode's own error is told whole: UNKNOWN,
// with the response as the chaincode sent it.
void answer_evaluate(const Endorsed& endorsed, ccbus::ClientResponse& response);

}  // namespace ccbus::gateway
