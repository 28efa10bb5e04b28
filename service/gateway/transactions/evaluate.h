#pragma once

#include "ccbus/client.pb.h"
#include "service/gateway/transactions/endorser.h"

namespace ccbus::gateway {

// Fills in the answer to an Evaluate. A response of the chaincode with an error status is in it as
// the chaincode sent it.
void answer_evaluate(const Endorsed& endorsed, const EndorserName& endorser,
                     ccbus::ClientResponse& response);

}  // namespace ccbus::gateway
