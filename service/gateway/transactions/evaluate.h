#pragma once

#include "ccbus/client.pb.h"
#include "service/gateway/transactions/endorser.h"

namespace ccbus::gateway {

// Fills in the answer to an Evaluate. If the chaincode's response has an error status, the answer
// is UNKNOWN and has the response as the chaincode sent it.
void answer_evaluate(const Endorsed& endorsed, ccbus::ClientResponse& response);

}  // namespace ccbus::gateway
